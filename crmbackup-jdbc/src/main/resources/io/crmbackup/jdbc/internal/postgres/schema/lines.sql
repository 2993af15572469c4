-- How each column of a table is defined: the part of the query before those that need it.
SELECT a.attrelid AS relation, a.attname AS name, a.attnum AS place, a.attislocal AS local, format_type(a.atttypid, a.atttypmod) AS type,
       CASE WHEN l.oid IS NULL THEN '' ELSE format(' COLLATE %I.%I', ln.nspname, l.collname) END
       || CASE WHEN a.attgenerated <> '' THEN format(' GENERATED ALWAYS AS (%s) ', pg_get_expr(d.adbin, d.adrelid))
                 || CASE a.attgenerated WHEN 's' THEN 'STORED' ELSE 'VIRTUAL' END
               WHEN a.attidentity <> '' THEN CASE WHEN c.relispartition THEN '' ELSE
                 (SELECT format(' GENERATED %s AS IDENTITY (SEQUENCE NAME %I.%I START WITH %s INCREMENT BY %s MINVALUE %s MAXVALUE %s CACHE %s %s)',
                         CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END, qn.nspname, q.relname,
                         s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, CASE WHEN s.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END)
                  FROM pg_catalog.pg_depend y JOIN pg_catalog.pg_sequence s ON s.seqrelid = y.objid JOIN pg_catalog.pg_class q ON q.oid = s.seqrelid
                  JOIN pg_catalog.pg_namespace qn ON qn.oid = q.relnamespace WHERE y.classid = 'pg_catalog.pg_class'::regclass
                  AND y.refclassid = 'pg_catalog.pg_class'::regclass AND y.refobjid = c.oid AND y.refobjsubid = a.attnum AND y.deptype = 'i') END
               WHEN d.oid IS NOT NULL AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend f WHERE f.classid = 'pg_catalog.pg_attrdef'::regclass
                 AND f.objid = d.oid AND f.refclassid = 'pg_catalog.pg_proc'::regclass) THEN ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)
               ELSE '' END AS body,
       CASE WHEN NOT a.attnotnull OR (to_jsonb(k) ->> 'convalidated') = 'false' THEN ''
               -- Also a name that the server would choose by itself: a partition made before may have taken it.
               WHEN k.oid IS NOT NULL THEN format(' CONSTRAINT %I NOT NULL', k.conname)
               ELSE ' NOT NULL' END || CASE WHEN k.connoinherit THEN ' NO INHERIT' ELSE '' END AS presence,
       -- Whether its being there is a parent's condition only.
       coalesce(NOT k.conislocal, false) AS handed_down
FROM pg_catalog.pg_attribute a JOIN rel c ON c.oid = a.attrelid JOIN ns n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation AND a.attcollation <> t.typcollation
LEFT JOIN pg_catalog.pg_namespace ln ON ln.oid = l.collnamespace
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.contype = 'n' AND k.conkey = ARRAY[a.attnum]
WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
