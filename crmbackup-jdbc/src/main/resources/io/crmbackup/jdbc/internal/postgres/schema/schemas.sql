SELECT 'pg_catalog.pg_namespace'::regclass::oid, n.oid, '', 'before', 'schema ' || n.nspname,
       CASE n.nspname WHEN 'public' THEN '' ELSE format('CREATE SCHEMA %I', n.nspname) END, '{}'::oid[], '{}'::text[]
FROM ns n
