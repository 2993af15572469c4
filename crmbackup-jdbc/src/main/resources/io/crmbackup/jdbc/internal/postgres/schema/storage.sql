-- How tables are stored, which matters when rows come.
SELECT 'pg_catalog.pg_class'::regclass::oid, c.oid, 'options', 'before', '', format('ALTER TABLE ONLY %I.%I SET (%s)', n.nspname, c.relname, concat_ws(', ',
         (SELECT string_agg(format('%s = %L', o.option_name, o.option_value), ', ') FROM pg_options_to_table(c.reloptions) o),
         (SELECT string_agg(format('toast.%s = %L', o.option_name, o.option_value), ', ') FROM pg_options_to_table(t.reloptions) o))),
       '{}'::oid[], '{}'::text[]
FROM rel c JOIN ns n ON n.oid = c.relnamespace LEFT JOIN pg_catalog.pg_class t ON t.oid = c.reltoastrelid
WHERE c.relkind IN ('r', 'p') AND (c.reloptions IS NOT NULL OR t.reloptions IS NOT NULL)
UNION ALL
SELECT 'pg_catalog.pg_class'::regclass::oid, c.oid, 'tablespace', 'before', '', format('ALTER TABLE ONLY %I.%I SET TABLESPACE %I', n.nspname, c.relname, s.spcname),
       '{}'::oid[], ARRAY['tablespace ' || s.spcname]
FROM rel c JOIN ns n ON n.oid = c.relnamespace JOIN pg_catalog.pg_tablespace s ON s.oid = c.reltablespace
WHERE c.relkind IN ('r', 'p')
UNION ALL
SELECT 'pg_catalog.pg_class'::regclass::oid, c.oid, x.what || to_char(a.attnum, '0000'), CASE c.relkind WHEN 'm' THEN 'after' ELSE 'before' END, '',
       format('ALTER %s %I.%I ALTER COLUMN %I SET %s', CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE ONLY' END,
              n.nspname, c.relname, a.attname, x.text), '{}'::oid[], '{}'::text[]
FROM pg_catalog.pg_attribute a JOIN rel c ON c.oid = a.attrelid JOIN ns n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
CROSS JOIN LATERAL (VALUES
  ('column storage', CASE WHEN a.attstorage <> t.typstorage THEN 'STORAGE ' || CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END),
  ('column compression', 'COMPRESSION ' || CASE to_jsonb(a) ->> 'attcompression' WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END),
  ('column statistics', CASE WHEN coalesce(a.attstattarget, -1) >= 0 THEN 'STATISTICS ' || a.attstattarget END),
  ('column options', '(' || (SELECT string_agg(format('%s = %L', o.option_name, o.option_value), ', ') FROM pg_options_to_table(a.attoptions) o) || ')')) x(what, text)
WHERE c.relkind IN ('r', 'p', 'm') AND a.attnum > 0 AND NOT a.attisdropped AND x.text IS NOT NULL
