-- Of columns whose definition doesn't hold it: it calls a function of a user, or the column is inherited, or one of a view.
SELECT 'pg_catalog.pg_attrdef'::regclass::oid, d.oid, '', 'after', format('default of column %I.%I.%I', n.nspname, c.relname, a.attname),
       format('ALTER %s %I.%I ALTER COLUMN %I SET DEFAULT %s', CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE ONLY' END,
              n.nspname, c.relname, a.attname, pg_get_expr(d.adbin, d.adrelid)), '{}'::oid[], '{}'::text[]
FROM pg_catalog.pg_attrdef d JOIN rel c ON c.oid = d.adrelid JOIN ns n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
WHERE c.relkind IN ('r', 'p', 'v') AND a.attgenerated = '' AND (c.relkind = 'v' OR NOT a.attislocal
  AND NOT c.relispartition OR EXISTS (SELECT FROM pg_catalog.pg_depend f WHERE f.classid = 'pg_catalog.pg_attrdef'::regclass AND f.objid = d.oid
  AND f.refclassid = 'pg_catalog.pg_proc'::regclass))
UNION ALL
-- Inherited columns that lack what they would get.
SELECT 'pg_catalog.pg_class'::regclass::oid, c.oid, 'column ' || to_char(a.attnum, '0000') || x.what, 'before', '',
       format('ALTER TABLE ONLY %I.%I ALTER COLUMN %I %s', n.nspname, c.relname, a.attname, x.what), '{}'::oid[], '{}'::text[]
FROM pg_catalog.pg_attribute a JOIN rel c ON c.oid = a.attrelid JOIN ns n ON n.oid = c.relnamespace
CROSS JOIN (VALUES ('DROP DEFAULT'), ('SET NOT NULL')) x(what)
WHERE c.relkind = 'r' AND NOT c.relispartition AND NOT a.attislocal AND a.attnum > 0 AND NOT a.attisdropped AND CASE x.what
  WHEN 'DROP DEFAULT' THEN NOT a.atthasdef AND EXISTS (SELECT FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_attribute p
    ON p.attrelid = i.inhparent AND p.attname = a.attname WHERE i.inhrelid = c.oid AND p.atthasdef AND p.attgenerated = '')
  ELSE a.attnotnull AND coalesce((SELECT k.conislocal FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'n' AND k.conkey = ARRAY[a.attnum]), true)
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_attribute p
    ON p.attrelid = i.inhparent AND p.attname = a.attname WHERE i.inhrelid = c.oid AND p.attnotnull) END
