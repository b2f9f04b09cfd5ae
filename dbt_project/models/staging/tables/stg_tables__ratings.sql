with landed as (
    select
        file,
        line_number,
        fault,
        {{ one_spaced("user_id") }} as user_source_id,
        {{ one_spaced("movie_id") }} as movie_source_id,
        {{ one_spaced("stars") }} as stars_text,
        {{ one_spaced("score") }} as score_text,
        {{ one_spaced("rated_at") }} as time_text
    from {{ source("tables", "ratings") }}
),

parsed as (
    select
        *,
        {{ time_of_text("time_text") }} as rated_at,
        coalesce(
            {{ decimal_number("score_text") }},
            2 * {{ decimal_number("stars_text") }}
        ) as score
    from landed
),

judged as (
    select
        file,
        line_number,
        user_source_id,
        movie_source_id,
        rated_at,
        case when score between 0 and 10 then score end as score,
        case
            when fault is not null then fault
            when user_source_id is null then 'no user id'
            when movie_source_id is null then 'no movie id'
            when coalesce(score_text, stars_text) is null then 'no rating'
            when score is null then 'non-numeric rating'
            when score < 0 then 'rating below the scale'
            when score > 10 then 'rating above the scale'
            when score = 0 and score_text is null
                then 'rating of no stars'
            when score * 2 != floor(score * 2)
                then 'rating between half points'
            when time_text is not null and rated_at is null
                then 'unreadable time'
        end as rejection
    from parsed
)

select * from judged
