SELECT 'pg_catalog.pg_class'::regclass::oid, c.oid, '', 'after', format('view %I.%I', n.nspname, c.relname),
       format('CREATE %sVIEW %I.%I', CASE c.relkind WHEN 'm' THEN 'MATERIALIZED ' ELSE '' END, n.nspname, c.relname)
       || CASE WHEN m.amname <> 'heap' THEN ' USING ' || quote_ident(m.amname) ELSE '' END
       || coalesce((SELECT ' WITH (' || string_agg(format('%s = %L', o.option_name, o.option_value), ', ') || ')' FROM pg_options_to_table(c.reloptions) o), '')
       || ' AS ' || rtrim(pg_get_viewdef(c.oid), ';') || CASE c.relkind WHEN 'm' THEN E'\n WITH NO DATA' ELSE '' END,
       '{}'::oid[], CASE WHEN m.amname <> 'heap' THEN ARRAY['access method ' || m.amname] ELSE '{}' END
FROM rel c JOIN ns n ON n.oid = c.relnamespace LEFT JOIN pg_catalog.pg_am m ON m.oid = c.relam
WHERE c.relkind IN ('v', 'm')
