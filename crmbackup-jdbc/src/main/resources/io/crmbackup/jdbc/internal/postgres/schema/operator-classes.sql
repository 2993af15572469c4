SELECT 'pg_catalog.pg_opclass'::regclass::oid, c.oid, '', 'after', format('operator class %I.%I of %I', n.nspname, c.opcname, m.amname),
       format('CREATE OPERATOR CLASS %I.%I %sFOR TYPE %s USING %I FAMILY %I.%I AS ', n.nspname, c.opcname,
              CASE WHEN c.opcdefault THEN 'DEFAULT ' ELSE '' END, format_type(c.opcintype, NULL), m.amname, fn.nspname, f.opfname)
       || concat_ws(', ', (SELECT string_agg(format('OPERATOR %s %s', a.amopstrategy, a.amopopr::regoperator)
              || CASE WHEN a.amopsortfamily = 0 THEN '' ELSE (SELECT format(' FOR ORDER BY %I.%I', sn.nspname, s.opfname)
                   FROM pg_catalog.pg_opfamily s JOIN pg_catalog.pg_namespace sn ON sn.oid = s.opfnamespace WHERE s.oid = a.amopsortfamily) END,
              ', ' ORDER BY a.amopstrategy, a.amopopr::regoperator::text)
            FROM pg_catalog.pg_amop a JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_amop'::regclass AND d.objid = a.oid
            WHERE d.refclassid = 'pg_catalog.pg_opclass'::regclass AND d.refobjid = c.oid),
          (SELECT string_agg(format('FUNCTION %s (%s, %s) %s', a.amprocnum, format_type(a.amproclefttype, NULL), format_type(a.amprocrighttype, NULL), a.amproc::regprocedure),
              ', ' ORDER BY a.amprocnum, a.amproc::regprocedure::text)
            FROM pg_catalog.pg_amproc a JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_amproc'::regclass AND d.objid = a.oid
            WHERE d.refclassid = 'pg_catalog.pg_opclass'::regclass AND d.refobjid = c.oid),
          CASE WHEN c.opckeytype <> 0 THEN 'STORAGE ' || format_type(c.opckeytype, NULL)
               WHEN NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.refclassid = 'pg_catalog.pg_opclass'::regclass AND d.refobjid = c.oid
                                AND d.classid IN ('pg_catalog.pg_amop'::regclass, 'pg_catalog.pg_amproc'::regclass))
                 THEN 'STORAGE ' || format_type(c.opcintype, NULL) END),
       '{}'::oid[], ARRAY['superuser']
FROM pg_catalog.pg_opclass c JOIN ns n ON n.oid = c.opcnamespace JOIN pg_catalog.pg_am m ON m.oid = c.opcmethod
JOIN pg_catalog.pg_opfamily f ON f.oid = c.opcfamily JOIN pg_catalog.pg_namespace fn ON fn.oid = f.opfnamespace
