-- The joins, classes and counts of the warehouse, by hand for DuckDB alone:
-- no rejects, no tests, no provenance. `{folder}` holds MovieLens' files.
create table users as
select
    user_id,
    gender,
    ['under 18', '18-24', '25-34', '35-44', '45-49', '50-55', '56+'][
        list_position([1, 18, 25, 35, 45, 50, 56], age_code)
    ] as age_group,
    occupation_code::varchar as occupation,
    coalesce(division, 'unknown') as region,
    'unknown' as nationality,
    (('0x' || left(md5('user:' || user_id), 8))::bigint % 5)::tinyint
        as user_fold
from read_csv(
    '{folder}/users.dat', delim = '::', quote = '', header = false,
    encoding = 'latin-1', columns = {
        user_id: 'integer', gender: 'varchar', age_code: 'integer',
        occupation_code: 'integer', zip_code: 'varchar'
    }
)
left join read_csv(
    '{prefixes}', header = true, all_varchar = true
) as prefixes on left(zip_code, 3) = zip_prefix;

create table movies as
select
    movie_id,
    trim(regexp_replace(title, '\s*\(\d{4}\)\s*$', '')) as title,
    regexp_extract(title, '\((\d{4})\)\s*$', 1)::smallint as year,
    list_sort(string_split(genres, '|')) as genres,
    (('0x' || left(md5('movie:' || movie_id), 8))::bigint % 5)::tinyint
        as movie_fold
from read_csv(
    '{folder}/movies.dat', delim = '::', quote = '', header = false,
    encoding = 'latin-1', columns = {
        movie_id: 'integer', title: 'varchar', genres: 'varchar'
    }
);

create table ratings as
select
    ratings.user_id,
    ratings.movie_id,
    stars::decimal(3, 2) as stars,
    (2 * ratings.stars)::decimal(3, 1) as score,
    [1, 2, 3, 3, 4][ratings.stars]::tinyint as rating_class,
    ['hated', 'disliked', 'liked', 'liked', 'loved'][ratings.stars] as rating_label,
    make_timestamp(seconds * 1000000) as rated_at,
    gender,
    age_group,
    occupation,
    region,
    nationality,
    user_fold,
    title,
    year,
    (year - year % 10)::smallint as decade,
    movie_fold
from read_csv(
    '{folder}/ratings.dat', delim = '::', quote = '', header = false,
    columns = {
        user_id: 'integer', movie_id: 'integer', stars: 'tinyint',
        seconds: 'bigint'
    }
) as ratings
inner join users on ratings.user_id = users.user_id
inner join movies on ratings.movie_id = movies.movie_id;

create table movie_genres as
select
    movie_id,
    movie_fold,
    unnest(genres) as genre
from movies;

create table movie_audiences as
select
    movie_id,
    gender,
    age_group,
    count(*) as n_ratings,
    count(*) filter (rating_class = 1) as n_hated,
    count(*) filter (rating_class = 2) as n_disliked,
    count(*) filter (rating_class = 3) as n_liked,
    count(*) filter (rating_class = 4) as n_loved
from ratings
group by all;

create table movie_profiles as
select
    movie_id,
    gender,
    age_group,
    occupation,
    region,
    nationality,
    user_fold,
    stars,
    count(*) as n_ratings
from ratings
group by all;

create table movie_segments as
select
    movie_id,
    gender,
    age_group,
    occupation,
    region,
    user_fold,
    sum(n_ratings) as n_ratings,
    sum(n_ratings) filter (stars = 1) as n_hated,
    sum(n_ratings) filter (stars = 2) as n_disliked,
    sum(n_ratings) filter (stars in (3, 4)) as n_liked,
    sum(n_ratings) filter (stars = 5) as n_loved,
    sum(n_ratings * stars) as sum_stars
from movie_profiles
group by grouping sets (
    (movie_id, user_fold),
    (movie_id, user_fold, gender),
    (movie_id, user_fold, age_group),
    (movie_id, user_fold, occupation),
    (movie_id, user_fold, region),
    (movie_id, user_fold, gender, age_group)
);

create table genre_segments as
select
    genre,
    gender,
    age_group,
    occupation,
    region,
    movie_fold,
    sum(n_ratings) as n_ratings,
    sum(n_hated) as n_hated,
    sum(n_disliked) as n_disliked,
    sum(n_liked) as n_liked,
    sum(n_loved) as n_loved,
    sum(sum_stars) as sum_stars
from movie_segments
inner join movie_genres on movie_segments.movie_id = movie_genres.movie_id
group by all;

create table user_genres as
select
    user_id,
    genre,
    count(*) as n_ratings,
    count(*) filter (rating_class >= 3) as n_liked
from ratings
inner join movie_genres on ratings.movie_id = movie_genres.movie_id
group by all;
