SELECT 'pg_catalog.pg_constraint'::regclass::oid, k.oid, '', 'before', format('constraint %I of type %s', k.conname, format_type(t.oid, NULL)),
       format('ALTER DOMAIN %I.%I ADD CONSTRAINT %I ', n.nspname, t.typname, k.conname) || pg_get_constraintdef(k.oid),
       '{}'::oid[], '{}'::text[]
FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_type t ON t.oid = k.contypid JOIN ns n ON n.oid = t.typnamespace
WHERE k.contype = 'c' AND (NOT k.convalidated OR EXISTS (
  SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_constraint'::regclass AND d.objid = k.oid
  AND d.refclassid = 'pg_catalog.pg_proc'::regclass))
