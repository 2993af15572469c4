-- Conditions that parents hand down, and foreign keys of partitions that those of the whole bring with them, are made with these.
SELECT 'pg_catalog.pg_constraint'::regclass::oid, k.oid, '', 'keys', format('constraint %I of table %I.%I', k.conname, n.nspname, c.relname),
       format('ALTER TABLE %s%I.%I ADD CONSTRAINT %I ', CASE WHEN k.contype IN ('p', 'u', 'x') THEN 'ONLY ' ELSE '' END,
              n.nspname, c.relname, k.conname) || pg_get_constraintdef(k.oid), '{}'::oid[], '{}'::text[]
FROM pg_catalog.pg_constraint k JOIN rel c ON c.oid = k.conrelid JOIN ns n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND CASE k.contype WHEN 'f' THEN k.conparentid = 0 WHEN 'c' THEN k.conislocal
  WHEN 'n' THEN k.conislocal AND NOT k.convalidated ELSE k.contype IN ('p', 'u', 'x') END
UNION ALL
-- A parent that does not vouch for its older rows hands down the same; its children may vouch for theirs, as new ones do.
SELECT 'pg_catalog.pg_class'::regclass::oid, c.oid, 'valid ' || k.conname, 'after', '',
       format('ALTER TABLE %I.%I VALIDATE CONSTRAINT %I', n.nspname, c.relname, k.conname), '{}'::oid[], '{}'::text[]
FROM pg_catalog.pg_constraint k JOIN rel c ON c.oid = k.conrelid JOIN ns n ON n.oid = c.relnamespace
WHERE k.contype = 'n' AND NOT k.conislocal AND k.convalidated AND EXISTS (SELECT FROM pg_catalog.pg_inherits i
  JOIN pg_catalog.pg_constraint pk ON pk.conrelid = i.inhparent AND pk.contype = 'n' AND pk.conname = k.conname AND NOT pk.convalidated WHERE i.inhrelid = c.oid)
