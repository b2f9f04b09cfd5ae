{#- Not stored: `fct_ratings` holds every column, with more beside them. -#}
{{ config(materialized="ephemeral") }}

with ratings as (
    select ratings.*
    from {{ ref("int_rating_rows") }} as ratings
    anti join {{ ref("int_rejected_ratings") }} as rejected
        on
            ratings.line_number = rejected.line_number
            and ratings.file = rejected.file
),

scored as (
    select
        user_id,
        movie_id,
        (score / 2)::decimal(3, 2) as stars,
        score,
        rated_at
    from ratings
),

bucketed as (
    select
        user_id,
        movie_id,
        stars,
        score,
        {{ rating_class("score") }} as rating_class,
        rated_at
    from scored
)

select * from bucketed
