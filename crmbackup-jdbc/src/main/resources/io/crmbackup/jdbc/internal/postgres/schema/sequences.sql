-- Those of identity columns are made by their columns; those of tables that are left out stay out with them, unless others take numbers from them.
SELECT 'pg_catalog.pg_class'::regclass::oid, c.oid, p.part, CASE p.part WHEN '' THEN 'before' ELSE 'after' END,
       CASE p.part WHEN '' THEN format('sequence %I.%I', n.nspname, c.relname) ELSE '' END,
       CASE p.part WHEN '' THEN
         format('CREATE %sSEQUENCE %I.%I AS %s START WITH %s INCREMENT BY %s MINVALUE %s MAXVALUE %s CACHE %s %s',
                CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END, n.nspname, c.relname, format_type(s.seqtypid, NULL),
                s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, CASE WHEN s.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END)
       ELSE format('ALTER SEQUENCE %I.%I OWNED BY %I.%I.%I', n.nspname, c.relname, tn.nspname, t.relname, a.attname) END,
       CASE p.part WHEN '' THEN '{}' ELSE ARRAY[t.oid] END, '{}'::text[]
FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid JOIN ns n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')
  AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjsubid > 0
LEFT JOIN pg_catalog.pg_class t ON t.oid = d.refobjid LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
CROSS JOIN (VALUES (''), ('owned')) p(part)
WHERE coalesce(d.deptype, 'a') <> 'i' AND (p.part = '' OR t.oid IS NOT NULL)
  AND (t.oid IS NULL OR EXISTS (SELECT FROM rel r WHERE r.oid = t.oid)
    OR p.part = '' AND EXISTS (SELECT FROM pg_catalog.pg_depend u JOIN pg_catalog.pg_attrdef f ON f.oid = u.objid JOIN rel r ON r.oid = f.adrelid
      WHERE u.classid = 'pg_catalog.pg_attrdef'::regclass AND u.refclassid = 'pg_catalog.pg_class'::regclass AND u.refobjid = c.oid))
