-- Sequences that belong to columns, indexes and partitions' types follow their tables.
SELECT o.class, o.oid, 'owner', 'rights', '', format('ALTER %s %s OWNER TO %I', CASE i.type WHEN 'statistics object' THEN 'STATISTICS' WHEN 'composite type' THEN 'TYPE' ELSE upper(i.type) END,
       i.identity, r.rolname), '{}'::oid[], ARRAY['owner ' || r.rolname]
FROM (SELECT 'pg_catalog.pg_namespace'::regclass::oid AS class, n.oid, s.nspowner AS owner FROM ns n JOIN pg_catalog.pg_namespace s ON s.oid = n.oid
        WHERE n.nspname <> 'public' OR s.nspowner NOT IN (10, 6171)
      UNION ALL SELECT 'pg_catalog.pg_class'::regclass, c.oid, c.relowner FROM pg_catalog.pg_class c JOIN ns ON ns.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'm') OR c.relkind = 'S' AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
          WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0)
      UNION ALL SELECT 'pg_catalog.pg_type'::regclass, t.oid, t.typowner FROM pg_catalog.pg_type t JOIN ns ON ns.oid = t.typnamespace
        LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid WHERE t.typtype IN ('e', 'd', 'r') OR c.relkind = 'c'
      UNION ALL SELECT 'pg_catalog.pg_proc'::regclass, p.oid, p.proowner FROM pg_catalog.pg_proc p JOIN ns ON ns.oid = p.pronamespace
      UNION ALL SELECT 'pg_catalog.pg_collation'::regclass, c.oid, c.collowner FROM pg_catalog.pg_collation c JOIN ns ON ns.oid = c.collnamespace
      UNION ALL SELECT 'pg_catalog.pg_operator'::regclass, p.oid, p.oprowner FROM pg_catalog.pg_operator p JOIN ns ON ns.oid = p.oprnamespace
      UNION ALL SELECT 'pg_catalog.pg_opfamily'::regclass, p.oid, p.opfowner FROM pg_catalog.pg_opfamily p JOIN ns ON ns.oid = p.opfnamespace
      UNION ALL SELECT 'pg_catalog.pg_opclass'::regclass, p.oid, p.opcowner FROM pg_catalog.pg_opclass p JOIN ns ON ns.oid = p.opcnamespace
      UNION ALL SELECT 'pg_catalog.pg_ts_dict'::regclass, p.oid, p.dictowner FROM pg_catalog.pg_ts_dict p JOIN ns ON ns.oid = p.dictnamespace
      UNION ALL SELECT 'pg_catalog.pg_ts_config'::regclass, p.oid, p.cfgowner FROM pg_catalog.pg_ts_config p JOIN ns ON ns.oid = p.cfgnamespace
      UNION ALL SELECT 'pg_catalog.pg_statistic_ext'::regclass, p.oid, p.stxowner FROM pg_catalog.pg_statistic_ext p JOIN ns ON ns.oid = p.stxnamespace) o
JOIN pg_catalog.pg_roles r ON r.oid = o.owner CROSS JOIN LATERAL pg_identify_object(o.class, o.oid, 0) i
