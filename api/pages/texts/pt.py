"""The pages in Brazilian Portuguese."""

from typing import Final

TEXTS: Final = {
    # The page
    "site": "Plateia",
    "tagline": "Quem gosta de quais filmes",
    "page.title": "Plateia: filmes para uma pessoa, plateia para um filme",
    "skip": "Ir para o conteúdo",
    "nav.sides": "Lados da página",
    "nav.both": "Os dois",
    "nav.films": "Para uma pessoa",
    "nav.audience": "Para um filme",
    "nav.language": "Idioma",
    "generated": (
        "Dados gerados: estes filmes e pessoas são inventados, para "
        "experimentar o produto. Nada aqui trata de filmes ou pessoas reais."
    ),
    "unknown": "Partes do endereço que aqui nada significam: {names}.",
    "footer.release": "Versão {version}",
    "footer.api": "A API",
    "footer.data": (
        "Aprendido com o MovieLens 1M (GroupLens, Universidade de "
        "Minnesota): o que acharam dos filmes as pessoas que os avaliaram "
        "em 2000."
    ),
    "footer.generated": "Aprendido com dados gerados.",
    "and": "e",
    "all": "Todas",
    "any": "qualquer",
    "no_genres": "sem gênero",
    "from_to": "{low} a {high}",
    "link": "Link desta pergunta",
    "download": "Esta resposta em arquivo",
    "download.as": "Em {format}: {what}",
    # Errors
    "error.title": "Algo não confere",
    "error.summary": "Veja o que está marcado abaixo.",
    "error.field": "“{value}” não tem sentido aqui. Permitido: {allowed}.",
    "error.missing": "Informe {allowed}.",
    "error.404": "Não há nada neste endereço.",
    "error.404.help": "Confira o endereço ou volte ao início.",
    "error.404.film": "Esse filme não existe.",
    "error.404.film.help": "Procure-o pelo título ou volte ao início.",
    "error.503": "A resposta ainda não está pronta.",
    "error.503.help": (
        "A versão ainda está sendo carregada ou há perguntas demais na "
        "fila. Tente de novo em alguns segundos."
    ),
    "error.again": "Tentar de novo",
    "error.home": "Voltar ao início",
    "allowed.gender": "F (mulher), M (homem) ou em branco",
    "allowed.age": "anos de 0 a 120, ou uma faixa como 25-34",
    "allowed.age_group": (
        "uma das faixas under 18, 18-24, 25-34, 35-44, 45-49, 50-55, 56+, "
        "de acordo com a idade"
    ),
    "allowed.occupation": "uma ocupação da lista, ou seu número de 0 a 20",
    "allowed.nationality": (
        "um país (Brasil, BR) ou o nome de seu povo (brasileira)"
    ),
    "allowed.zip_code": "um código postal",
    "allowed.genres": "gêneros da lista",
    "allowed.year_from": "um ano de 1800 a 2200",
    "allowed.year_to": "um ano de 1800 a 2200, não antes do primeiro",
    "allowed.limit": "um número de 1 a 100",
    "allowed.rank_by": "for_you, liking ou distinctive",
    "allowed.novelty": "um número de 0 a 1, e só onde a ordem é for_you",
    "allowed.sequels": "1, ou deixado de fora",
    "allowed.rated": (
        "filme:classe, com um filme dos dados e uma classe de 0 (não visto) "
        "a 4, para no máximo 200 filmes"
    ),
    "allowed.title": "um título de até 300 caracteres",
    "allowed.year": "um ano de 1800 a 2200",
    "allowed.film_genres": "gêneros da lista",
    "allowed.n_raters": (
        "um número inteiro a partir de 1, ou o tamanho do lançamento: "
        "limitado, típico ou amplo"
    ),
    "allowed.comparables": (
        "até 10 filmes dos dados que alguém avaliou, pelo título (com o ano "
        "entre parênteses se vários o têm) ou pelo número, com ; entre eles"
    ),
    "allowed.by": (
        "até três de gênero, faixa etária, ocupação e região, cada um uma vez"
    ),
    "allowed.measure": "reach_index ou affinity",
    "allowed.base": "gêneros da lista, com | entre eles",
    "allowed.search": "palavras de um título, até 200 caracteres",
    # Fields
    "field.gender": "Gênero",
    "field.age": "Idade",
    "field.age.hint": "em anos",
    "field.age_group": "Faixa etária",
    "field.occupation": "Ocupação",
    "field.nationality": "Nacionalidade",
    "field.nationality.hint": "ex.: Brasil",
    "field.zip_code": "ZIP code",
    "field.zip_code.hint": "EUA, 5 dígitos",
    "field.genres": "Gêneros",
    "field.years": "Anos de lançamento",
    "field.year_from": "De",
    "field.year_to": "Até",
    "field.limit": "Filmes",
    "field.exclude": "Filme deixado de fora",
    "field.rank_by": "Ordem",
    "field.novelty": "Surpresa",
    "field.sequels": "Vários filmes de uma série",
    "novelty.0": "Mais provável de agradar",
    "novelty.0.5": "Menos do que todos recebem",
    "novelty.1": "O que se destaca",
    "field.rated": "Suas avaliações",
    "field.compare": "Mostrar as duas listas lado a lado",
    "field.title": "Título",
    "field.year": "Ano",
    "field.film_genres": "Gêneros",
    "field.n_raters": "Pessoas que vão avaliá-lo",
    "field.n_raters.hint": "um número, ou limitado, típico, amplo",
    "field.comparables": "Filmes conhecidos parecidos",
    "field.comparables.hint": "até 10 títulos, com ; entre eles",
    "field.by": "Grupos por",
    "field.by.hint": "de um a três",
    "field.measure": "A cor mostra",
    "field.base": "Gêneros antes da mudança",
    "field.search": "Procurar um filme dos dados",
    # Films for a person
    "films.heading": "Filmes para uma pessoa",
    "films.lead": (
        "Diga o que quiser sobre a pessoa. Qualquer campo pode ficar vazio."
    ),
    "films.person": "A pessoa",
    "films.other": "Outra pessoa",
    "films.filters": "Que filmes podem aparecer",
    "films.compare": "Comparar com outra pessoa",
    "films.ask": "Mostrar filmes",
    "films.list": "Filmes para {who}",
    "films.list_all": "Filmes para qualquer pessoa",
    "films.order": "Ordenar por",
    "films.rests_on.one": "Baseia-se em {n} pessoa dos dados: {who}.",
    "films.rests_on.other": "Baseia-se em {n} pessoas dos dados: {who}.",
    "films.rests_on_none": (
        "Ninguém nos dados é exatamente assim ({who}): a resposta baseia-se "
        "em pessoas parecidas."
    ),
    "films.rests_on_all.one": "Baseia-se na {n} pessoa dos dados.",
    "films.rests_on_all.other": "Baseia-se em todas as {n} pessoas dos dados.",
    "films.differ": (
        "{k} dos seus {n} filmes diferem do que todo mundo recebe."
    ),
    "films.same": "Nada se sabe da pessoa: todo mundo recebe esta lista.",
    "films.candidates.one": "Escolhidos entre {n} filme.",
    "films.candidates.other": "Escolhidos entre {n} filmes.",
    "films.in_both.one": "{n} filme está nas duas listas.",
    "films.in_both.other": "{n} filmes estão nas duas listas.",
    "films.shared": "nas duas listas",
    "films.none": "Nenhum filme passa pelos filtros.",
    "films.stars": "{stars} estrelas esperadas",
    "films.interest": (
        "Chance de uma pessoa assim ter avaliado o filme no MovieLens: {share}"
    ),
    "films.rate": "Já viu?",
    "films.rate.film": "Já vi {title}: {class_name}",
    "films.rated": "Suas respostas",
    "films.rated.hint": "A lista leva isto em conta.",
    "films.rated.remove": "Desfazer: {title}, {class_name}",
    "films.rated.clear": "Desfazer tudo",
    "taps.heading": "Cinco toques",
    "taps.lead": (
        "Já viu estes? Um toque para cada, e a lista passa a ser a "
        "sua. “Não vi” também é resposta."
    ),
    "taps.not_seen": "Não vi",
    "taps.answer": "Sua resposta sobre {title}: {answer}",
    "taps.since": "desde a sua última resposta",
    "taps.new": "novo",
    "taps.places.one": "{n} lugar",
    "taps.places.other": "{n} lugares",
    "taps.told.none": "{title}: {answer}. Os filmes da lista são os mesmos.",
    "taps.told.one": "{title}: {answer}. {n} filme é novo na lista.",
    "taps.told.other": "{title}: {answer}. {n} filmes são novos na lista.",
    "films.legend": "Probabilidade de cada opinião",
    "films.ratings_used": "Ajustada pelas suas respostas.",
    "rank.for_you": "Para você",
    "rank.for_you.hint": (
        "com chance de ser avaliado por alguém assim, e de agradar"
    ),
    "rank.liking": "Mais agradam",
    "rank.liking.hint": "mais estrelas esperadas, mesmo se pouco conhecidos",
    "rank.distinctive": "Distintivos",
    "rank.distinctive.hint": "o que distingue esta pessoa",
    "reason.segment": (
        "Agradou a {liked} de {n} {who}; a {usual} de todo mundo"
    ),
    "reason.everyone.one": "Agradou a {liked} de {n} pessoa que o avaliou",
    "reason.everyone.other": (
        "Agradou a {liked} das {n} pessoas que o avaliaram"
    ),
    "reason.none": "Ninguém nos dados o avaliou",
    "ignored.heading": "Não usado, ou só em parte",
    "ignored": "{field} “{value}”: {reason}",
    "notice.profile.zip_code_unknown": (
        "não é um ZIP code em uso, nem claramente de outro país"
    ),
    "notice.profile.zip_code_decides": (
        "o ZIP code diz {region}, e é ele que decide, pois os dados têm ZIP "
        "codes e não nacionalidades"
    ),
    "notice.profile.nationality_abroad": (
        "usada apenas como “fora dos EUA”, pois os dados não distinguem "
        "outros países"
    ),
    "notice.filters.no_such_film": "esse filme não existe",
    # Rating classes
    "class.hated": "Detestei",
    "class.disliked": "Não gostei",
    "class.liked": "Gostei",
    "class.loved": "Adorei",
    # An audience for a film
    "audience.heading": "Uma plateia para um filme",
    "audience.lead": (
        "Qualquer filme, mesmo um que ninguém viu: título, ano e gêneros."
    ),
    "audience.film": "O filme",
    "audience.ask": "Encontrar a plateia",
    "audience.of": "A plateia de {film}",
    "audience.more": "O que mais se sabe dele",
    "audience.raters.one": "Para {n} pessoa que o avalia.",
    "audience.raters.other": "Para {n} pessoas que o avaliam.",
    "audience.comparables": "Tidos como parecidos: {films}.",
    "audience.prompt": "Dê um título ao filme e use o botão acima.",
    "audience.example": (
        "Um exemplo, inventado. Ponha o seu filme nos campos acima."
    ),
    "audience.target": "Alvo recomendado",
    "audience.turns_up": "Quem comparece",
    "audience.map": "A plateia, poltrona por poltrona",
    "audience.numbers": "Todos os números em uma tabela",
    "audience.similar": "Filmes conhecidos mais parecidos, e quem os avaliou",
    "audience.similarity": "{share} de semelhança",
    "audience.change": "Mude um gênero e veja a diferença",
    "audience.change.on": "Tirar {genre}",
    "audience.change.off": "Pôr {genre}",
    "audience.undo": "Desfazer a mudança",
    "audience.keep": "Manter como novo ponto de partida",
    "audience.known": "Este filme está nos dados:",
    "audience.known.link": "{title}, plateia prevista ao lado da real",
    "audience.too_many": (
        "Três dimensões têm grupos demais para um mapa. A tabela abaixo "
        "traz todos."
    ),
    "audience.interval": (
        "Aponte para uma poltrona, ou vá até ela com as setas, e veja o "
        "intervalo de {share}."
    ),
    "audience.warnings": "Observe",
    "target.none": (
        "Ninguém em particular: até onde os dados mostram, nenhum grupo vai "
        "gostar deste filme mais do que os outros."
    ),
    "target.some": (
        "Mire em {who}: os dados sustentam que vão gostar do filme mais do "
        "que os outros."
    ),
    "target.many": (
        "Mire em {n} grupos, do mais forte ao mais fraco: os dados sustentam "
        "que vão gostar do filme mais do que os outros."
    ),
    "turns_up.none": (
        "Nenhum grupo é claramente maior aqui do que na plateia de outros "
        "filmes. O melhor palpite: {who}, {reach} da plateia (índice de "
        "alcance {index}, {interval})."
    ),
    "turns_up.some": (
        "Mais do que em outros filmes: {who}. Formam {reach} da plateia "
        "(índice de alcance {index}, {interval}; 100 é o de costume)."
    ),
    "measure.reach_index": "Quem comparece",
    "measure.reach_index.hint": (
        "índice de alcance: a parte dos que avaliam o filme no MovieLens, "
        "sendo 100 a de costume"
    ),
    "measure.affinity": "Quem gosta mais",
    "measure.affinity.hint": "afinidade, em pontos de probabilidade",
    "map.reach_index": "Índice de alcance por grupo; 100 é o de costume",
    "map.affinity": (
        "Afinidade por grupo: pontos de probabilidade acima do costume"
    ),
    "cell.reach_index": "Índice de alcance {value} ({interval})",
    "cell.affinity": "Afinidade de {value} pontos ({interval})",
    "cell.reach": "{reach} da plateia",
    "cell.liking": "{liked} gostam do filme",
    "cell.people.one": "{n} pessoa assim nos dados",
    "cell.people.other": "{n} pessoas assim nos dados",
    "cell.ratings.one": "{n} avaliação do filme",
    "cell.ratings.other": "{n} avaliações do filme",
    "cell.actual_index": "Índice de alcance real {value}",
    "cell.unsure": "Os dados não sustentam diferença",
    "cell.empty": "Pessoas de menos nos dados para dizer",
    "cell.change": "Mudança de {value} ({interval})",
    "cell.change.none": (
        "Os dados não sustentam mudança ({value}; {interval})"
    ),
    "legend.less": "menos que o costume",
    "legend.more": "mais que o costume",
    "legend.less.affinity": "gostam menos",
    "legend.more.affinity": "gostam mais",
    "legend.unsure": "os dados não sustentam diferença",
    "change.before": "Antes: {before}.",
    "change.gain": "Maior ganho: {who} ({value}; {interval}).",
    "change.loss": "Maior perda: {who} ({value}; {interval}).",
    "change.none": (
        "Em nenhum grupo muda algo que os dados possam sustentar."
    ),
    "change.reach_index": "{value} no índice de alcance",
    "change.affinity": "{value} pontos de afinidade",
    "column.segment": "Grupo",
    "column.reach": "Parte da plateia",
    "column.reach_index": "Índice de alcance (intervalo)",
    "column.liking": "Gostam",
    "column.affinity": "Afinidade em pontos (intervalo)",
    "column.people": "Pessoas nos dados",
    "column.target": "alvo",
    "similar.audience.one": (
        "{n} avaliação: {women} de mulheres; o maior grupo, {who} ({share})"
    ),
    "similar.audience.other": (
        "{n} avaliações: {women} de mulheres; o maior grupo, {who} ({share})"
    ),
    "similar.map": "Pequeno mapa da plateia real por gênero e idade",
    "notice.film.genre_unknown": (
        "O gênero “{genre}” é desconhecido e não foi usado."
    ),
    "notice.film.genre_unseen": (
        "Nenhum filme dos dados é do gênero “{genre}”."
    ),
    "notice.film.no_year": "O ano não foi informado.",
    "notice.film.no_genre": "Nenhum gênero foi informado.",
    "notice.film.year_outside": (
        "O ano {year} está fora dos filmes que o modelo viu, de {first} a "
        "{last}."
    ),
    # A known film
    "film.title": "{title}: plateia prevista e real",
    "film.heading": "Plateia prevista ao lado da real",
    "film.lead": (
        "À esquerda, o que teria sido previsto com título, ano e gêneros, sem "
        "as avaliações deste filme. À direita, quem de fato o avaliou."
    ),
    "film.lead.new": (
        "À esquerda, o que se prevê com título, ano e gêneros. Ninguém "
        "avaliou o filme, e por isso não há com que comparar."
    ),
    "film.record": (
        "Em {n} filmes com {low} a {high} avaliações, previstos do mesmo "
        "modo, {held} das partes reais ficaram no intervalo de {interval}."
    ),
    "film.record.open": (
        "Em {n} filmes com {low} avaliações ou mais, previstos do mesmo modo, "
        "{held} das partes reais ficaram no intervalo de {interval}."
    ),
    "film.ratings.one": "{n} avaliação",
    "film.ratings.other": "{n} avaliações",
    "film.opinions": "O que as pessoas acharam",
    "film.predicted": "Índice de alcance previsto",
    "film.actual": "Índice de alcance real",
    "film.number": "Número",
    "film.column.predicted": "Previsto",
    "film.column.actual": "Real",
    "film.liked": "Gostaram ou adoraram",
    "film.women": "Mulheres na plateia",
    "film.covered": (
        "A parte real está no intervalo previsto de {interval} em {k} de {n} "
        "grupos."
    ),
    "film.ask": "Perguntar como se fosse novo, e mudá-lo",
    "film.show": "Mostrar grupos",
    "film.none": "Ninguém nos dados avaliou este filme.",
    "film.column.reach": "Parte, prevista",
    "film.column.reach_actual": "Parte, real",
    "film.column.index": "Índice, previsto",
    "film.column.index_actual": "Índice, real",
    "film.column.liked": "Gostaram, previsto",
    "film.column.liked_actual": "Gostaram, real",
    "film.column.ratings": "Avaliações",
    "search.heading": "Filmes dos dados",
    "search.ask": "Procurar",
    "search.none": "Nenhum filme tem essas palavras no título.",
    "search.found.one": "{n} filme",
    "search.found.other": "{n} filmes, os mais conhecidos primeiro",
    "search.first": "Os {n} filmes mais conhecidos",
    # Dimensions and their levels
    "dimension.gender": "Gênero",
    "dimension.age_group": "Idade",
    "dimension.occupation": "Ocupação",
    "dimension.region": "Região",
    "gender.F": "Mulheres",
    "gender.M": "Homens",
    "age_group.under 18": "<18",
    "age_group.18-24": "18–24",
    "age_group.25-34": "25–34",
    "age_group.35-44": "35–44",
    "age_group.45-49": "45–49",
    "age_group.50-55": "50–55",
    "age_group.56+": "56+",
    "one.F": "Mulher",
    "one.M": "Homem",
    "people.any": "pessoas",
    "people.F": "mulheres",
    "people.M": "homens",
    "aged.any": "de qualquer idade",
    "aged.under": "com menos de {years} anos",
    "aged.range": "de {low} a {high} anos",
    "aged.over": "de {years} anos ou mais",
    "any.occupation": "qualquer ocupação",
    "any.region": "qualquer região",
    "occupation.other or not specified": "outra ou não informada",
    "occupation.academic/educator": "ensino e pesquisa",
    "occupation.artist": "artes",
    "occupation.clerical/admin": "escritório, administração",
    "occupation.college/grad student": "estudante universitário(a)",
    "occupation.customer service": "atendimento ao cliente",
    "occupation.doctor/health care": "medicina, saúde",
    "occupation.executive/managerial": "executivo(a), gerência",
    "occupation.farmer": "agricultura",
    "occupation.homemaker": "cuidado do lar",
    "occupation.K-12 student": "estudante escolar",
    "occupation.lawyer": "advocacia",
    "occupation.programmer": "programação",
    "occupation.retired": "aposentado(a)",
    "occupation.sales/marketing": "vendas, marketing",
    "occupation.scientist": "ciência",
    "occupation.self-employed": "autônomo(a)",
    "occupation.technician/engineer": "técnica, engenharia",
    "occupation.tradesman/craftsman": "ofícios, artesanato",
    "occupation.unemployed": "sem emprego",
    "occupation.writer": "escrita",
    "region.New England": "Nova Inglaterra",
    "region.Middle Atlantic": "Médio Atlântico",
    "region.East North Central": "Centro-Nordeste",
    "region.West North Central": "Centro-Noroeste",
    "region.South Atlantic": "Atlântico Sul",
    "region.East South Central": "Centro-Sudeste",
    "region.West South Central": "Centro-Sudoeste",
    "region.Mountain": "Montanhas",
    "region.Pacific": "Pacífico",
    "region.US territories and military": "territórios e militares dos EUA",
    "region.outside the US": "fora dos EUA",
    "region.unknown": "região desconhecida",
    "country.US": "Estados Unidos",
    "country.outside the US": "fora dos EUA",
    "genre.Action": "Ação",
    "genre.Adventure": "Aventura",
    "genre.Animation": "Animação",
    "genre.Children's": "Infantil",
    "genre.Comedy": "Comédia",
    "genre.Crime": "Crime",
    "genre.Documentary": "Documentário",
    "genre.Drama": "Drama",
    "genre.Fantasy": "Fantasia",
    "genre.Film-Noir": "Film noir",
    "genre.Horror": "Terror",
    "genre.Musical": "Musical",
    "genre.Mystery": "Mistério",
    "genre.Romance": "Romance",
    "genre.Sci-Fi": "Ficção científica",
    "genre.Thriller": "Suspense",
    "genre.War": "Guerra",
    "genre.Western": "Faroeste",
    # How groups and genres hang together
    "nav.tastes": "Gostos",
    "field.dimension": "Grupos por",
    "field.level": "Grupo",
    "field.other": "Comparado com",
    "field.genre": "Gênero do filme",
    "field.taste": "Medida",
    "allowed.dimension": (
        "gênero, faixa etária, ocupação, região ou gender_age_group"
    ),
    "allowed.level": "um grupo da lista",
    "allowed.other": "outro grupo da lista",
    "allowed.genre": "um gênero da lista",
    "allowed.taste": "watching ou liking",
    "dimension.gender_age_group": "Gênero e idade",
    "taste.watching": "O que veem",
    "taste.watching.hint": (
        "Parte das avaliações do grupo que são do gênero; 100 é como os outros"
    ),
    "taste.liking": "Do que gostam",
    "taste.liking.hint": (
        "Pontos de avaliações positivas além das dos outros e além da "
        "generosidade do grupo"
    ),
    "tastes.title": "Gostos: quem vê o quê, e quem gosta",
    "tastes.dimension": "Grupos por",
    "tastes.measure": "O que os números medem",
    "tastes.go": "Mostrar",
    "tastes.heading.all": "Todos os grupos e todos os gêneros",
    "tastes.heading.group": (
        "O que {group} acham de cada gênero, ao lado dos demais"
    ),
    "tastes.heading.genre": (
        "O que cada grupo acha de {genre}, ao lado dos demais"
    ),
    "tastes.heading.pair": "{group} ao lado de {other}",
    "tastes.lead.none": "Aqui os dados não sustentam diferença alguma.",
    "tastes.others": "os demais",
    "tastes.lead.watching.more": (
        "A diferença mais clara: {group} veem mais {genre} que {other},"
        " índice {value} ({low} a {high}; 100 é não haver diferença)."
    ),
    "tastes.lead.watching.less": (
        "A diferença mais clara: {group} veem menos {genre} que "
        "{other}, índice {value} ({low} a {high}; 100 é não haver "
        "diferença)."
    ),
    "tastes.lead.liking.more": (
        "A diferença mais clara: {group} gostam mais de {genre} que "
        "{other}, por {value} pontos ({low} a {high})."
    ),
    "tastes.lead.liking.less": (
        "A diferença mais clara: {group} gostam menos de {genre} que "
        "{other}, por {value} pontos ({low} a {high})."
    ),
    "tastes.nobody": "ninguém",
    "tastes.value.liking": "{value} pontos de agrado ({low} a {high}).",
    "tastes.value.watching": "Índice {value} ({low} a {high}).",
    "tastes.people": (
        "{raters} de {users} pessoas avaliaram, {ratings} avaliações."
    ),
    "tastes.told": "Os dados sustentam a diferença.",
    "tastes.unsupported": "Os dados não sustentam diferença.",
    "tastes.note": (
        "Os intervalos são de 95 %, entre pessoas. Uma diferença só é "
        "dita se vem de {least} pessoas ou mais, e de modo que, de "
        "todas as que se dizem de um tipo de grupo, no máximo uma em "
        "vinte seja acaso (Benjamini e Hochberg)."
    ),
    "tastes.films": "Filmes de que gostam mais ou menos que os demais",
    "tastes.column.film": "Filme",
    "tastes.column.liking": "Agrado, pontos",
    "tastes.column.watching": "Avaliado, índice",
    "tastes.column.raters": "Pessoas",
    "tastes.none": "sem diferença",
    "tastes.estimate": "{value} ({low} a {high})",
    "tastes.sql": "O SQL por trás disto",
}
