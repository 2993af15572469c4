-- The column with the locale has had several names.
SELECT 'pg_catalog.pg_collation'::regclass::oid, c.oid, '', 'before', format('collation %I.%I', n.nspname, c.collname),
       format('CREATE COLLATION %I.%I (PROVIDER = %s, ', n.nspname, c.collname,
              CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END)
       || CASE WHEN c.collprovider <> 'c' THEN
                 format('LOCALE = %L', coalesce(to_jsonb(c) ->> 'colllocale', to_jsonb(c) ->> 'colliculocale', c.collcollate::text))
               WHEN c.collcollate::text = c.collctype::text THEN format('LOCALE = %L', c.collcollate)
               ELSE format('LC_COLLATE = %L, LC_CTYPE = %L', c.collcollate, c.collctype) END
       || CASE WHEN c.collisdeterministic THEN '' ELSE ', DETERMINISTIC = false' END
       || coalesce(', RULES = ' || quote_literal(to_jsonb(c) ->> 'collicurules'), '') || ')',
       '{}'::oid[], '{}'::text[]
FROM pg_catalog.pg_collation c JOIN ns n ON n.oid = c.collnamespace
