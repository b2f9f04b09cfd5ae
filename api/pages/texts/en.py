"""The pages in English."""

from typing import Final

TEXTS: Final = {
    # The page
    "site": "Plateia",
    "tagline": "Who likes which films",
    "page.title": "Plateia: films for a person, an audience for a film",
    "skip": "Skip to the content",
    "nav.sides": "Sides of the page",
    "nav.both": "Both",
    "nav.films": "For a person",
    "nav.audience": "For a film",
    "nav.language": "Language",
    "generated": (
        "Generated data: these films and people are made up, to try the "
        "product. Nothing here is about real films or people."
    ),
    "unknown": "Parts of the address that mean nothing here: {names}.",
    "footer.release": "Release {version}",
    "footer.api": "The API",
    "footer.data": (
        "Learned from MovieLens 1M (GroupLens, University of Minnesota): "
        "what people who rated films in 2000 made of them."
    ),
    "footer.generated": "Learned from generated data.",
    "and": "and",
    "all": "All",
    "any": "any",
    "no_genres": "no genre",
    "from_to": "{low} to {high}",
    "link": "Link to this question",
    "download": "This answer as a file",
    "download.as": "{format}: {what}",
    # Errors
    "error.title": "Something does not fit",
    "error.summary": "Please look at what is marked below.",
    "error.field": "“{value}” has no meaning here. Allowed: {allowed}.",
    "error.missing": "Please give {allowed}.",
    "error.404": "There is nothing at this address.",
    "error.404.help": "Check the address, or go back to the start.",
    "error.404.film": "There is no such film.",
    "error.404.film.help": (
        "Look for it by its title, or go back to the start."
    ),
    "error.503": "The answer is not ready yet.",
    "error.503.help": (
        "The release is still being loaded, or too many questions wait. "
        "Try again in a few seconds."
    ),
    "error.again": "Try again",
    "error.home": "Back to the start",
    "allowed.gender": "F (woman), M (man), or left open",
    "allowed.age": "years from 0 to 120, or an age group such as 25-34",
    "allowed.age_group": (
        "one of under 18, 18-24, 25-34, 35-44, 45-49, 50-55, 56+, in accord "
        "with the age"
    ),
    "allowed.occupation": "an occupation of the list, or its number 0 to 20",
    "allowed.nationality": (
        "a country (Brazil, BR) or the name of its people (Brazilian)"
    ),
    "allowed.zip_code": "a post code",
    "allowed.genres": "genres of the list",
    "allowed.year_from": "a year from 1800 to 2200",
    "allowed.year_to": "a year from 1800 to 2200, not before the first",
    "allowed.limit": "a number from 1 to 100",
    "allowed.rank_by": "for_you, liking or distinctive",
    "allowed.novelty": "a number from 0 to 1, and only where the order is "
    "for_you",
    "allowed.sequels": "1, or left out",
    "allowed.rated": (
        "film:class with a film of the data and a class from 0 (not seen) "
        "to 4, for at most 200 films"
    ),
    "allowed.title": "a title of up to 300 characters",
    "allowed.year": "a year from 1800 to 2200",
    "allowed.film_genres": "genres of the list",
    "allowed.n_raters": (
        "a whole number from 1, or the width of the release: limited, "
        "typical or wide"
    ),
    "allowed.comparables": (
        "up to 10 films of the data that people rated, by title (with the "
        "year in parentheses if several have it) or number, with ; between"
    ),
    "allowed.by": (
        "up to three of gender, age group, occupation and region, each once"
    ),
    "allowed.measure": "reach_index or affinity",
    "allowed.base": "genres of the list, with | between them",
    "allowed.search": "words of a title, up to 200 characters",
    # Fields
    "field.gender": "Gender",
    "field.age": "Age",
    "field.age.hint": "in years",
    "field.age_group": "Age group",
    "field.occupation": "Occupation",
    "field.nationality": "Nationality",
    "field.nationality.hint": "e.g. Brazil",
    "field.zip_code": "ZIP code",
    "field.zip_code.hint": "US, 5 digits",
    "field.genres": "Genres",
    "field.years": "Years of release",
    "field.year_from": "From",
    "field.year_to": "To",
    "field.limit": "Films",
    "field.exclude": "Film left out",
    "field.rank_by": "Order",
    "field.novelty": "Surprise",
    "field.sequels": "Several films of one series",
    "novelty.0": "Most likely to be liked",
    "novelty.0.5": "Fewer films that everyone gets",
    "novelty.1": "What stands out",
    "field.rated": "Your ratings",
    "field.compare": "Show the two lists side by side",
    "field.title": "Title",
    "field.year": "Year",
    "field.film_genres": "Genres",
    "field.n_raters": "People who will rate it",
    "field.n_raters.hint": "a number, or limited, typical, wide",
    "field.comparables": "Known films like it",
    "field.comparables.hint": "up to 10 titles, with ; between",
    "field.by": "Groups by",
    "field.by.hint": "one to three",
    "field.measure": "Colour shows",
    "field.base": "Genres before the change",
    "field.search": "Find a film of the data",
    # Films for a person
    "films.heading": "Films for a person",
    "films.lead": (
        "Say what you like about the person. Every field may stay empty."
    ),
    "films.person": "The person",
    "films.other": "Another person",
    "films.filters": "Which films may be shown",
    "films.compare": "Compare with another person",
    "films.ask": "Show films",
    "films.list": "Films for {who}",
    "films.list_all": "Films for anyone",
    "films.order": "Order by",
    "films.rests_on.one": "Rests on {n} person of the data: {who}.",
    "films.rests_on.other": "Rests on {n} people of the data: {who}.",
    "films.rests_on_none": (
        "Nobody in the data is exactly like this ({who}): the answer rests on "
        "people like them."
    ),
    "films.rests_on_all.one": "Rests on the {n} person of the data.",
    "films.rests_on_all.other": "Rests on all {n} people of the data.",
    "films.differ": "{k} of your {n} films differ from what everyone gets.",
    "films.same": "Nothing is known of the person: everyone gets this list.",
    "films.candidates.one": "Chosen from {n} film.",
    "films.candidates.other": "Chosen from {n} films.",
    "films.in_both.one": "{n} film is in both lists.",
    "films.in_both.other": "{n} films are in both lists.",
    "films.shared": "in both lists",
    "films.none": "No film passes the filters.",
    "films.stars": "{stars} stars expected",
    "films.interest": (
        "Chance that such a person rated it on MovieLens: {share}"
    ),
    "films.rate": "Seen it?",
    "films.rate.film": "I have seen {title}: {class_name}",
    "films.rated": "Your answers",
    "films.rated.hint": "The list takes these into account.",
    "films.rated.remove": "Take back: {title}, {class_name}",
    "films.rated.clear": "Take all back",
    "taps.heading": "Five taps",
    "taps.lead": (
        "Have you seen these? One tap for each, and the list becomes "
        'yours. "Not seen" is an answer too.'
    ),
    "taps.not_seen": "Not seen",
    "taps.answer": "Your answer to {title}: {answer}",
    "taps.since": "since your last answer",
    "taps.new": "new",
    "taps.places.one": "{n} place",
    "taps.places.other": "{n} places",
    "taps.told.none": "{title}: {answer}. The list holds the same films.",
    "taps.told.one": "{title}: {answer}. {n} film is new on the list.",
    "taps.told.other": "{title}: {answer}. {n} films are new on the list.",
    "films.legend": "Probability of each opinion",
    "films.ratings_used": "Refined by your answers.",
    "rank.for_you": "For you",
    "rank.for_you.hint": "likely to be rated by such a person, and liked",
    "rank.liking": "Best liked",
    "rank.liking.hint": "highest expected stars, however little known",
    "rank.distinctive": "Distinctive",
    "rank.distinctive.hint": "what sets this person apart",
    "reason.segment": "Liked by {liked} of {n} {who}; {usual} of everyone",
    "reason.everyone.one": "Liked by {liked} of the {n} person who rated it",
    "reason.everyone.other": (
        "Liked by {liked} of the {n} people who rated it"
    ),
    "reason.none": "Nobody in the data has rated it",
    "ignored.heading": "Not used, or only in part",
    "ignored": "{field} “{value}”: {reason}",
    "notice.profile.zip_code_unknown": (
        "it is no ZIP code in use, nor clearly of another country"
    ),
    "notice.profile.zip_code_decides": (
        "the ZIP code says {region}, and it decides, since the data hold ZIP "
        "codes and no nationalities"
    ),
    "notice.profile.nationality_abroad": (
        "used only as “outside the US”, since the data tell no other "
        "countries apart"
    ),
    "notice.filters.no_such_film": "there is no such film",
    # Rating classes
    "class.hated": "Hated it",
    "class.disliked": "Disliked it",
    "class.liked": "Liked it",
    "class.loved": "Loved it",
    # An audience for a film
    "audience.heading": "An audience for a film",
    "audience.lead": (
        "Any film, also one that nobody has seen: its title, its year and "
        "its genres."
    ),
    "audience.film": "The film",
    "audience.ask": "Find the audience",
    "audience.of": "The audience of {film}",
    "audience.more": "What else you know of it",
    "audience.raters.one": "For {n} person who rates it.",
    "audience.raters.other": "For {n} people who rate it.",
    "audience.comparables": "Held to be like it: {films}.",
    "audience.prompt": "Give the film a title, and press the button above.",
    "audience.example": (
        "An example, made up. Put your own film in the fields above."
    ),
    "audience.target": "Recommended target",
    "audience.turns_up": "Who turns up",
    "audience.map": "The audience, seat by seat",
    "audience.numbers": "All numbers in a table",
    "audience.similar": "Most similar known films, and who really rated them",
    "audience.similarity": "{share} alike",
    "audience.change": "Change a genre and see the difference",
    "audience.change.on": "Take out {genre}",
    "audience.change.off": "Put in {genre}",
    "audience.undo": "Undo the change",
    "audience.keep": "Keep it as the new start",
    "audience.known": "This film is in the data:",
    "audience.known.link": "{title}, predicted beside actual audience",
    "audience.too_many": (
        "Three dimensions have too many groups for a map. The table below "
        "has them all."
    ),
    "audience.interval": (
        "Point at a seat, or move to it with the arrow keys, for its "
        "{share} interval."
    ),
    "audience.warnings": "Please note",
    "target.none": (
        "Nobody in particular: no group will like this film more than "
        "others do, as far as the data can tell."
    ),
    "target.some": (
        "Aim at {who}: the data supports that they will like it more than "
        "others do."
    ),
    "target.many": (
        "Aim at {n} groups, the strongest first: the data supports that they "
        "will like it more than others do."
    ),
    "turns_up.none": (
        "No group is clearly larger here than in the audience of other "
        "films. The best guess: {who}, {reach} of the audience (reach index "
        "{index}, {interval})."
    ),
    "turns_up.some": (
        "More than elsewhere: {who}. They make up {reach} of the audience "
        "(reach index {index}, {interval}; 100 is the usual share)."
    ),
    "measure.reach_index": "Who turns up",
    "measure.reach_index.hint": (
        "reach index: the share of those who rate the film on MovieLens, "
        "100 being the usual share"
    ),
    "measure.affinity": "Who likes it more",
    "measure.affinity.hint": "affinity, in points of probability",
    "map.reach_index": "Reach index by group; 100 is the usual share",
    "map.affinity": (
        "Affinity by group: points of probability above what is usual"
    ),
    "cell.reach_index": "Reach index {value} ({interval})",
    "cell.affinity": "Affinity {value} points ({interval})",
    "cell.reach": "{reach} of the audience",
    "cell.liking": "{liked} of them like it",
    "cell.people.one": "{n} such person in the data",
    "cell.people.other": "{n} such people in the data",
    "cell.ratings.one": "{n} rating of the film",
    "cell.ratings.other": "{n} ratings of the film",
    "cell.actual_index": "Actual reach index {value}",
    "cell.unsure": "No difference that the data supports",
    "cell.empty": "Too few people in the data to say",
    "cell.change": "Change {value} ({interval})",
    "cell.change.none": (
        "No change that the data support ({value}; {interval})"
    ),
    "legend.less": "fewer than usual",
    "legend.more": "more than usual",
    "legend.less.affinity": "like it less",
    "legend.more.affinity": "like it more",
    "legend.unsure": "no difference that the data supports",
    "change.before": "Before: {before}.",
    "change.gain": "Largest gain: {who} ({value}; {interval}).",
    "change.loss": "Largest loss: {who} ({value}; {interval}).",
    "change.none": "For no group does it change what the data can tell.",
    "change.reach_index": "{value} of reach index",
    "change.affinity": "{value} points of affinity",
    "column.segment": "Group",
    "column.reach": "Share of the audience",
    "column.reach_index": "Reach index (interval)",
    "column.liking": "Like it",
    "column.affinity": "Affinity in points (interval)",
    "column.people": "People in the data",
    "column.target": "target",
    "similar.audience.one": (
        "{n} rating: {women} by women; most by {who} ({share})"
    ),
    "similar.audience.other": (
        "{n} ratings: {women} by women; most by {who} ({share})"
    ),
    "similar.map": "Small map of the actual audience by gender and age",
    "notice.film.genre_unknown": (
        "The genre “{genre}” is unknown and was not used."
    ),
    "notice.film.genre_unseen": (
        "No film of the data is of the genre “{genre}”."
    ),
    "notice.film.no_year": "No year was given.",
    "notice.film.no_genre": "No genre was given.",
    "notice.film.year_outside": (
        "The year {year} lies outside the films that the model has seen, "
        "{first} to {last}."
    ),
    # A known film
    "film.title": "{title}: predicted and actual audience",
    "film.heading": "Predicted beside actual audience",
    "film.lead": (
        "Left: what would have been predicted from title, year and genres, "
        "without this film’s own ratings. Right: who really rated it."
    ),
    "film.lead.new": (
        "Left: what is predicted from title, year and genres. Nobody has "
        "rated the film, so that there is nothing to hold against it."
    ),
    "film.record": (
        "Of {n} films with {low} to {high} ratings, predicted in the same "
        "way, {held} of the actual shares lay in their {interval} interval."
    ),
    "film.record.open": (
        "Of {n} films with {low} ratings or more, predicted in the same way, "
        "{held} of the actual shares lay in their {interval} interval."
    ),
    "film.ratings.one": "{n} rating",
    "film.ratings.other": "{n} ratings",
    "film.opinions": "What people made of it",
    "film.predicted": "Predicted reach index",
    "film.actual": "Actual reach index",
    "film.number": "Number",
    "film.column.predicted": "Predicted",
    "film.column.actual": "Actual",
    "film.liked": "Liked or loved it",
    "film.women": "Women in the audience",
    "film.covered": (
        "The actual share lies in the predicted {interval} interval for {k} "
        "of {n} groups."
    ),
    "film.ask": "Ask as if it were new, and change it",
    "film.show": "Show groups",
    "film.none": "Nobody in the data has rated this film.",
    "film.column.reach": "Share, predicted",
    "film.column.reach_actual": "Share, actual",
    "film.column.index": "Index, predicted",
    "film.column.index_actual": "Index, actual",
    "film.column.liked": "Liked, predicted",
    "film.column.liked_actual": "Liked, actual",
    "film.column.ratings": "Ratings",
    "search.heading": "Films of the data",
    "search.ask": "Search",
    "search.none": "No film has these words in its title.",
    "search.found.one": "{n} film",
    "search.found.other": "{n} films, best known first",
    "search.first": "The {n} best known films",
    # Dimensions and their levels
    "dimension.gender": "Gender",
    "dimension.age_group": "Age",
    "dimension.occupation": "Occupation",
    "dimension.region": "Region",
    "gender.F": "Women",
    "gender.M": "Men",
    "age_group.under 18": "<18",
    "age_group.18-24": "18–24",
    "age_group.25-34": "25–34",
    "age_group.35-44": "35–44",
    "age_group.45-49": "45–49",
    "age_group.50-55": "50–55",
    "age_group.56+": "56+",
    "one.F": "Woman",
    "one.M": "Man",
    "people.any": "people",
    "people.F": "women",
    "people.M": "men",
    "aged.any": "of any age",
    "aged.under": "under {years}",
    "aged.range": "of {low} to {high}",
    "aged.over": "of {years} and over",
    "any.occupation": "any occupation",
    "any.region": "any region",
    "occupation.other or not specified": "other or not specified",
    "occupation.academic/educator": "academic, educator",
    "occupation.artist": "artist",
    "occupation.clerical/admin": "clerical, admin",
    "occupation.college/grad student": "college, graduate student",
    "occupation.customer service": "customer service",
    "occupation.doctor/health care": "doctor, health care",
    "occupation.executive/managerial": "executive, managerial",
    "occupation.farmer": "farmer",
    "occupation.homemaker": "homemaker",
    "occupation.K-12 student": "school student",
    "occupation.lawyer": "lawyer",
    "occupation.programmer": "programmer",
    "occupation.retired": "retired",
    "occupation.sales/marketing": "sales, marketing",
    "occupation.scientist": "scientist",
    "occupation.self-employed": "self-employed",
    "occupation.technician/engineer": "technician, engineer",
    "occupation.tradesman/craftsman": "trade, craft",
    "occupation.unemployed": "unemployed",
    "occupation.writer": "writer",
    "region.New England": "New England",
    "region.Middle Atlantic": "Middle Atlantic",
    "region.East North Central": "East North Central",
    "region.West North Central": "West North Central",
    "region.South Atlantic": "South Atlantic",
    "region.East South Central": "East South Central",
    "region.West South Central": "West South Central",
    "region.Mountain": "Mountain",
    "region.Pacific": "Pacific",
    "region.US territories and military": "US territories, military",
    "region.outside the US": "outside the US",
    "region.unknown": "region unknown",
    "country.US": "United States",
    "country.outside the US": "outside the US",
    "genre.Action": "Action",
    "genre.Adventure": "Adventure",
    "genre.Animation": "Animation",
    "genre.Children's": "Children’s",
    "genre.Comedy": "Comedy",
    "genre.Crime": "Crime",
    "genre.Documentary": "Documentary",
    "genre.Drama": "Drama",
    "genre.Fantasy": "Fantasy",
    "genre.Film-Noir": "Film noir",
    "genre.Horror": "Horror",
    "genre.Musical": "Musical",
    "genre.Mystery": "Mystery",
    "genre.Romance": "Romance",
    "genre.Sci-Fi": "Science fiction",
    "genre.Thriller": "Thriller",
    "genre.War": "War",
    "genre.Western": "Western",
    # How groups and genres hang together
    "nav.tastes": "Tastes",
    "field.dimension": "Groups by",
    "field.level": "Group",
    "field.other": "Compared with",
    "field.genre": "Genre",
    "field.taste": "Measure",
    "allowed.dimension": (
        "gender, age_group, occupation, region or gender_age_group"
    ),
    "allowed.level": "a group of the list",
    "allowed.other": "another group of the list",
    "allowed.genre": "a genre of the list",
    "allowed.taste": "watching or liking",
    "dimension.gender_age_group": "Gender and age",
    "taste.watching": "What they watch",
    "taste.watching.hint": (
        "Share of their ratings that are of the genre; 100 is as the others"
    ),
    "taste.liking": "What they like",
    "taste.liking.hint": (
        "Points of liked ratings beyond those of the others, and beyond"
        " how generous the group is"
    ),
    "tastes.title": "Tastes: who watches what, and who likes it",
    "tastes.dimension": "Groups by",
    "tastes.measure": "What the numbers are of",
    "tastes.go": "Show",
    "tastes.heading.all": "Every group and every genre",
    "tastes.heading.group": (
        "What {group} make of each genre, beside everyone else"
    ),
    "tastes.heading.genre": (
        "What each group makes of {genre}, beside everyone else"
    ),
    "tastes.heading.pair": "{group} beside {other}",
    "tastes.lead.none": "Here the data support no difference.",
    "tastes.others": "the others",
    "tastes.lead.watching.more": (
        "The clearest difference: {group} watch more {genre} than "
        "{other}, index {value} ({low} to {high}; 100 is no "
        "difference)."
    ),
    "tastes.lead.watching.less": (
        "The clearest difference: {group} watch less {genre} than "
        "{other}, index {value} ({low} to {high}; 100 is no "
        "difference)."
    ),
    "tastes.lead.liking.more": (
        "The clearest difference: {group} like {genre} more than "
        "{other}, by {value} points ({low} to {high})."
    ),
    "tastes.lead.liking.less": (
        "The clearest difference: {group} like {genre} less than "
        "{other}, by {value} points ({low} to {high})."
    ),
    "tastes.nobody": "nobody",
    "tastes.value.liking": "{value} points of liking ({low} to {high}).",
    "tastes.value.watching": "Index {value} ({low} to {high}).",
    "tastes.people": "{raters} of {users} people rated it, {ratings} ratings.",
    "tastes.told": "The data support the difference.",
    "tastes.unsupported": "The data support no difference.",
    "tastes.note": (
        "Intervals are of 95 %, between people. A difference is told "
        "only if it rests on {least} people or more, and so that of all"
        " that are told for a kind of group at most one in twenty is "
        "chance (Benjamini and Hochberg)."
    ),
    "tastes.films": "Films that they like more or less than the others do",
    "tastes.column.film": "Film",
    "tastes.column.liking": "Liking, points",
    "tastes.column.watching": "Rated, index",
    "tastes.column.raters": "People",
    "tastes.none": "no difference",
    "tastes.estimate": "{value} ({low} to {high})",
    "tastes.sql": "The SQL behind it",
}
