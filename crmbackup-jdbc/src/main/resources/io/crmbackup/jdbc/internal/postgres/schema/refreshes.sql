SELECT 'pg_catalog.pg_class'::regclass::oid, c.oid, 'refresh', 'refresh', '', format('REFRESH MATERIALIZED VIEW %I.%I', n.nspname, c.relname), '{}'::oid[], '{}'::text[]
FROM pg_catalog.pg_class c JOIN ns n ON n.oid = c.relnamespace
WHERE c.relkind = 'm' AND c.relispopulated
