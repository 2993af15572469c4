SELECT 'pg_catalog.pg_extension'::regclass::oid, x.oid, '', 'before', 'extension ' || x.extname,
       format('CREATE EXTENSION IF NOT EXISTS %I WITH SCHEMA %I', x.extname, s.nspname), '{}'::oid[],
       ARRAY['available extension ' || x.extname]
FROM pg_catalog.pg_extension x JOIN pg_catalog.pg_namespace s ON s.oid = x.extnamespace
WHERE x.extname <> 'plpgsql'
