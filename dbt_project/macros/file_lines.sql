{#-
    The lines of a file as `line_number` (from 1), `text` and `is_readable`,
    whatever bytes the file holds.

    DuckDB's CSV reader refuses a whole file for one byte that is not latin-1
    (0x80 to 0x9f), for a NUL or for mixed line ends, and cannot say in which
    line. A blob cast to varchar never fails and loses nothing: each byte that
    is not plain ASCII stands as \xHH, line feeds and backslashes included.
    Measured on 1 M lines: 1.15 s, where the CSV reader takes 1.07 s.

    A line is UTF-8 where its bytes are valid UTF-8, else latin-1, which is
    what MovieLens uses; UTF-8 copies of the files therefore read the same.
    Bytes of neither, and control characters, make a line unreadable: it keeps
    its escaped text.
-#}
{% macro file_lines(file) %}
    with split_file as (
        select string_split(content::varchar, '\x0A') as lines
        from {{ file }}
    ),

    numbered as (
        select
            unnest(range(1, len(lines) + 1))::bigint as line_number,
            unnest(lines) as line,
            len(lines) as n_lines
        from split_file
    ),

    without_mark as (
        select
            line_number,
            n_lines,
            case
                when line_number = 1 and starts_with(line, '\xEF\xBB\xBF')
                    then substr(line, 13)
                else line
            end as line
        from numbered
    ),

    trimmed as (
        select
            line_number,
            {{ without_return("line") }} as line
        from without_mark
        {#- what follows the last line end is a line only if it holds text #}
        where line_number < n_lines or line != ''
    ),

    decoded as (
        select
            line_number,
            line,
            case
                when not contains(line, '\x') then line
                when regexp_matches(line, '\\x(0[0-8A-F]|1[0-9A-F]|7F)')
                    then null
                else coalesce(
                    try(decode(line::blob)),
                    case
                        when not regexp_matches(line, '\\x[89]')
                            then {{ latin_1("line") }}
                    end
                )
            end as text
        from trimmed
    )

    select
        line_number,
        coalesce(text, line) as text,
        text is not null as is_readable
    from decoded
{% endmacro %}


{#- Text without a carriage return at its end. -#}
{% macro without_return(line) -%}
    case
        when ends_with({{ line }}, '\x0D')
            then left({{ line }}, len({{ line }}) - 4)
        else {{ line }}
    end
{%- endmacro %}


{#- Escaped bytes (\xE9) as the latin-1 characters they stand for. -#}
{% macro latin_1(line) -%}
    string_split({{ line }}, '\x')[1] || array_to_string(
        list_transform(
            string_split({{ line }}, '\x')[2:],
            lambda piece:
            chr(('0x' || left(piece, 2))::integer) || substr(piece, 3)
        ),
        ''
    )
{%- endmacro %}


{#- A field as a whole number from 0 to 2147483647, else null. -#}
{% macro whole_number(field) -%}
    case when not regexp_matches({{ field }}, '[^0-9]')
        then try_cast({{ field }} as integer)
    end
{%- endmacro %}


{#- Lines of a blob: its line feeds, and a last line that has none. -#}
{% macro n_lines(content) -%}
    (
        len({{ content }}::varchar)
        - len(replace({{ content }}::varchar, '\x0A', ''))
    ) // 4
    + (
        {{ content }}::varchar != ''
        and not ends_with({{ content }}::varchar, '\x0A')
    )::bigint
{%- endmacro %}
