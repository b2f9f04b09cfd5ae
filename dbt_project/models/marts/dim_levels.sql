with reference as (
    select * from {{ ref("stg_reference__levels") }}
),

users as (
    select * from {{ ref("dim_users") }}
),

everyone as (
    select count(*) as n_users from users
),

-- MovieLens 1M has the words of the reference, whether or not anyone bears
-- them; regions are made from ZIP codes, and their words are ours wherever one
-- person has a ZIP code of the United States.
listed as (
    select *
    from reference
    where
        (
            dimension = 'region'
            and exists (
                select 1
                from users
                where users.state is not null
            )
        )
        or exists (
            select 1
            from {{ ref("stg_movielens__files") }} as files
            where files.format = 'ml-1m'
        )
),

countries as (
    select
        nationality,
        min(nationality_pt) as nationality_pt,
        min(country_code) as country_code
    from {{ ref("int_users_located") }}
    group by nationality
),

counted as (
    {% for dimension in ["gender", "occupation", "region"] %}
    select
        '{{ dimension }}' as dimension,
        {{ dimension }} as name,
        null::double as lowest,
        count(*) as n
    from users
    group by {{ dimension }}
    union all
    {% endfor %}
    select
        'age_group' as dimension,
        age_group as name,
        min(age_code)::double as lowest,
        count(*) as n
    from users
    group by age_group
    union all
    select
        'nationality' as dimension,
        users.nationality as name,
        null::double as lowest,
        count(*) as n
    from users
    cross join everyone
    group by users.nationality
    -- Where the data tell nobody's, there is no such dimension.
    having
        users.nationality != 'unknown'
        or count(*) < max(everyone.n_users)
    union all
    select
        'genre' as dimension,
        genre as name,
        null::double as lowest,
        count(*) as n
    from {{ ref("dim_movie_genres") }}
    group by genre
    union all
    select
        'star' as dimension,
        {{ shortest_number("stars") }} as name,
        score::double as lowest,
        count(*) as n
    from {{ ref("fct_ratings") }}
    group by stars, score
),

joined as (
    select
        listed.position as listed_position,
        listed.code as listed_code,
        coalesce(counted.dimension, listed.dimension) as dimension,
        coalesce(counted.name, listed.name) as name,
        coalesce(counted.n, 0) as n,
        coalesce(listed.lowest, counted.lowest) as lowest
    from counted
    full join listed
        on
            counted.dimension = listed.dimension
            and counted.name = listed.name
),

named as (
    select
        joined.dimension,
        joined.name,
        joined.lowest,
        joined.n::bigint as n,
        (row_number() over (
            partition by joined.dimension
            order by
                case when joined.name = 'unknown' then 1 else 0 end asc,
                coalesce(joined.listed_position, 1000000) asc,
                coalesce(joined.lowest, 0) asc,
                joined.n desc,
                joined.name asc
        ) - 1)::integer as position,
        coalesce(
            countries.nationality_pt,
            reference.name_pt,
            case when joined.name = 'unknown' then 'não informado' end,
            joined.name
        ) as name_pt,
        coalesce(countries.country_code, joined.listed_code) as code
    from joined
    left join reference
        on
            joined.dimension = reference.dimension
            and joined.name = reference.name
    left join countries
        on
            joined.dimension = 'nationality'
            and joined.name = countries.nationality
)

select
    dimension,
    position,
    name,
    name_pt,
    code,
    lowest,
    n
from named
order by dimension, position
