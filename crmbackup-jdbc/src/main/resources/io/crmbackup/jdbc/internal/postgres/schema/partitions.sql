-- What makes tables parts of others.
SELECT 'pg_catalog.pg_class'::regclass::oid, c.oid, 'part ' || i.inhseqno, 'before', '',
       CASE WHEN c.relispartition THEN format('ALTER TABLE ONLY %I.%I ATTACH PARTITION %I.%I %s', pn.nspname, p.relname, n.nspname, c.relname,
                                              pg_get_expr(c.relpartbound, c.oid))
       ELSE format('ALTER TABLE %I.%I INHERIT %I.%I', n.nspname, c.relname, pn.nspname, p.relname) END, ARRAY[p.oid], '{}'::text[]
FROM pg_catalog.pg_inherits i JOIN rel c ON c.oid = i.inhrelid JOIN ns n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_class p ON p.oid = i.inhparent JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
WHERE c.relkind IN ('r', 'p') AND (c.relispartition OR NOT EXISTS (SELECT FROM line l WHERE l.relation = c.oid AND NOT l.local))
