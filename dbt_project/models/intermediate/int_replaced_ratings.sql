with ratings as (
    select
        file,
        line_number,
        user_id,
        movie_id,
        score,
        rated_at
    from {{ ref("int_rating_rows") }}
    where rejection is null
),

repeated as (
    -- Nearly all ratings are the only ones of their person and film: those
    -- are left out before anything is sorted.
    select
        user_id,
        movie_id
    from ratings
    group by user_id, movie_id
    having count(*) > 1
),

candidates as (
    select ratings.*
    from ratings
    inner join repeated
        on
            ratings.user_id = repeated.user_id
            and ratings.movie_id = repeated.movie_id
),

ranked as (
    select
        *,
        row_number() over lines_of_pair as place,
        first_value(file) over lines_of_pair as kept_file,
        first_value(score) over lines_of_pair as kept_score,
        first_value(rated_at) over lines_of_pair as last_rated_at
    from candidates
    window
        lines_of_pair as (
            partition by user_id, movie_id
            order by rated_at desc, file asc, line_number asc
        )
),

replaced as (
    select
        file,
        line_number,
        case
            when rated_at < last_rated_at then 'replaced by a later rating'
            -- A part that was delivered twice, or overlaps with another.
            when file != kept_file and score = kept_score
                then 'repeated in another file'
            else 'duplicate (user, movie)'
        end as reason
    from ranked
    where place > 1
)

select * from replaced
