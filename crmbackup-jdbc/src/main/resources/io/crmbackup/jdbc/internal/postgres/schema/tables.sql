-- Tables, each by itself and with all its columns, and partitioned ones; of those that inherit columns or are of a type also the statement that says so.
-- Defaults that call functions of users come as objects of their own: such functions may need the table.
SELECT 'pg_catalog.pg_class'::regclass::oid, c.oid, v.variant, 'before', '',
       format('CREATE %sTABLE %I.%I ', CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END, n.nspname, c.relname)
       || CASE v.variant WHEN 'typed' THEN 'OF ' || format_type(c.reloftype, NULL)
            || coalesce(' (' || (SELECT string_agg(quote_ident(l.name) || ' WITH OPTIONS' || l.body || l.presence, ', ' ORDER BY l.place) FROM line l
                                 WHERE l.relation = c.oid AND l.body || l.presence <> '') || ')', '')
          ELSE '(' || coalesce((SELECT string_agg(format('%I %s', l.name, l.type) || l.body
                                  || CASE WHEN v.variant = 'inherits' AND l.handed_down THEN '' ELSE l.presence END, ', ' ORDER BY l.place) FROM line l
                                WHERE l.relation = c.oid AND (v.variant = '' OR l.local)), '') || ')' END
       || CASE v.variant WHEN 'inherits' THEN (SELECT ' INHERITS (' || string_agg(format('%I.%I', pn.nspname, p.relname), ', ' ORDER BY i.inhseqno) || ')'
            FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
            JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace WHERE i.inhrelid = c.oid) ELSE '' END
       || CASE c.relkind WHEN 'p' THEN ' PARTITION BY ' || pg_get_partkeydef(c.oid) ELSE '' END
       || CASE WHEN c.relkind = 'r' AND m.amname <> 'heap' THEN ' USING ' || quote_ident(m.amname) ELSE '' END,
       CASE v.variant WHEN 'inherits' THEN (SELECT array_agg(i.inhparent) FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid) ELSE '{}'::oid[] END,
       CASE WHEN c.relkind = 'r' AND m.amname <> 'heap' THEN ARRAY['access method ' || m.amname] ELSE '{}' END
FROM rel c JOIN ns n ON n.oid = c.relnamespace LEFT JOIN pg_catalog.pg_am m ON m.oid = c.relam
CROSS JOIN (VALUES (''), ('inherits'), ('typed')) v(variant)
WHERE c.relkind IN ('r', 'p') AND (v.variant = '' OR v.variant = 'typed' AND c.reloftype <> 0 OR v.variant = 'inherits' AND NOT c.relispartition
  AND EXISTS (SELECT FROM line l WHERE l.relation = c.oid AND NOT l.local))
