SELECT 'pg_catalog.pg_class'::regclass::oid, x.oid, '', CASE c.relkind WHEN 'm' THEN 'after' ELSE 'keys' END, format('index %I.%I', n.nspname, x.relname), pg_get_indexdef(x.oid), ARRAY[c.oid], '{}'::text[]
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid JOIN rel c ON c.oid = i.indrelid JOIN ns n ON n.oid = x.relnamespace
WHERE c.relkind IN ('r', 'p', 'm') AND (i.indisvalid OR c.relkind = 'p') AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = x.oid AND k.contype IN ('p', 'u', 'x'))
UNION ALL
SELECT 'pg_catalog.pg_class'::regclass::oid, x.oid, 'part', 'keys', '', format('ALTER INDEX %I.%I ATTACH PARTITION %I.%I', pn.nspname, p.relname, n.nspname, x.relname),
       ARRAY[x.oid, p.oid], '{}'::text[]
FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class x ON x.oid = i.inhrelid JOIN ns n ON n.oid = x.relnamespace
JOIN pg_catalog.pg_class p ON p.oid = i.inhparent JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
WHERE x.relkind IN ('i', 'I')
UNION ALL
SELECT 'pg_catalog.pg_class'::regclass::oid, x.oid, 'statistics' || to_char(a.attnum, '0000'), 'after', '',
       format('ALTER INDEX %I.%I ALTER COLUMN %s SET STATISTICS %s', n.nspname, x.relname, a.attnum, a.attstattarget), '{}'::oid[], '{}'::text[]
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class x ON x.oid = a.attrelid JOIN ns n ON n.oid = x.relnamespace
WHERE x.relkind IN ('i', 'I') AND coalesce(a.attstattarget, -1) >= 0
UNION ALL
SELECT 'pg_catalog.pg_class'::regclass::oid, x.oid, 'tablespace', 'after', '',
       format('ALTER INDEX %I.%I SET TABLESPACE %I', n.nspname, x.relname, s.spcname), '{}'::oid[], ARRAY['tablespace ' || s.spcname]
FROM pg_catalog.pg_class x JOIN ns n ON n.oid = x.relnamespace JOIN pg_catalog.pg_tablespace s ON s.oid = x.reltablespace
WHERE x.relkind IN ('i', 'I')
UNION ALL
-- By which index a table was put in order, and which one tells its rows apart for replication.
SELECT 'pg_catalog.pg_class'::regclass::oid, x.oid, u.use, 'after', '',
       CASE u.use WHEN 'cluster' THEN format('ALTER %s %I.%I CLUSTER ON %I', CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, n.nspname, c.relname, x.relname)
       ELSE format('ALTER TABLE ONLY %I.%I REPLICA IDENTITY USING INDEX %I', n.nspname, c.relname, x.relname) END, ARRAY[x.oid, c.oid], '{}'::text[]
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid JOIN rel c ON c.oid = i.indrelid JOIN ns n ON n.oid = c.relnamespace
CROSS JOIN (VALUES ('cluster'), ('identity')) u(use)
WHERE c.relkind IN ('r', 'p', 'm') AND CASE u.use WHEN 'cluster' THEN i.indisclustered ELSE i.indisreplident END
