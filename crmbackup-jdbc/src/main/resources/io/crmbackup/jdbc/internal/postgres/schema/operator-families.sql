-- A family that a class of its name brings with it has no statement; members that belong to no class are added.
SELECT 'pg_catalog.pg_opfamily'::regclass::oid, f.oid, p.part, 'after',
       CASE p.part WHEN '' THEN format('operator family %I.%I of %I', n.nspname, f.opfname, m.amname) ELSE '' END,
       CASE p.part WHEN '' THEN format('CREATE OPERATOR FAMILY %I.%I USING %I', n.nspname, f.opfname, m.amname)
       ELSE format('ALTER OPERATOR FAMILY %I.%I USING %I ADD %s', n.nspname, f.opfname, m.amname, x.members) END,
       '{}'::oid[], ARRAY['superuser']
FROM pg_catalog.pg_opfamily f JOIN ns n ON n.oid = f.opfnamespace JOIN pg_catalog.pg_am m ON m.oid = f.opfmethod
CROSS JOIN LATERAL (SELECT string_agg(y.text, ', ' ORDER BY y.kind, y.number, y.text) AS members FROM (
    SELECT 'o' AS kind, a.amopstrategy AS number, format('OPERATOR %s %s', a.amopstrategy, a.amopopr::regoperator)
      || CASE WHEN a.amopsortfamily = 0 THEN '' ELSE (SELECT format(' FOR ORDER BY %I.%I', sn.nspname, s.opfname)
           FROM pg_catalog.pg_opfamily s JOIN pg_catalog.pg_namespace sn ON sn.oid = s.opfnamespace WHERE s.oid = a.amopsortfamily) END AS text
    FROM pg_catalog.pg_amop a WHERE a.amopfamily = f.oid AND EXISTS (SELECT FROM pg_catalog.pg_depend d
      WHERE d.classid = 'pg_catalog.pg_amop'::regclass AND d.objid = a.oid AND d.refclassid = 'pg_catalog.pg_opfamily'::regclass AND d.deptype = 'a')
    UNION ALL
    SELECT 'p', a.amprocnum, format('FUNCTION %s (%s, %s) %s', a.amprocnum, format_type(a.amproclefttype, NULL), format_type(a.amprocrighttype, NULL), a.amproc::regprocedure)
    FROM pg_catalog.pg_amproc a WHERE a.amprocfamily = f.oid AND EXISTS (SELECT FROM pg_catalog.pg_depend d
      WHERE d.classid = 'pg_catalog.pg_amproc'::regclass AND d.objid = a.oid AND d.refclassid = 'pg_catalog.pg_opfamily'::regclass AND d.deptype = 'a')) y) x
CROSS JOIN (VALUES (''), ('members')) p(part)
WHERE p.part = '' OR x.members IS NOT NULL
