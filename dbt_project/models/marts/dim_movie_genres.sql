with unnested as (
    select
        movie_id,
        {{ each_element("genres") }} as genre,
        movie_fold
    from {{ ref("dim_movies") }}
)

select * from unnested
order by movie_id, genre
