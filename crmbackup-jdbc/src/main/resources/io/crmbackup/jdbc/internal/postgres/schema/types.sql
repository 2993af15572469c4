-- Those that hold values of other types, or lists of words. A domain's conditions that call functions of users come as objects of their own.
SELECT 'pg_catalog.pg_type'::regclass::oid, t.oid, '', 'before', 'type ' || format_type(t.oid, NULL),
       CASE t.typtype
         WHEN 'e' THEN format('CREATE TYPE %I.%I AS ENUM (%s)', n.nspname, t.typname,
           (SELECT string_agg(quote_literal(v.enumlabel), ', ' ORDER BY v.enumsortorder)
            FROM pg_catalog.pg_enum v WHERE v.enumtypid = t.oid))
         WHEN 'c' THEN format('CREATE TYPE %I.%I AS (%s)', n.nspname, t.typname,
           (SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod))
                     || CASE WHEN l.oid IS NULL THEN '' ELSE format(' COLLATE %I.%I', ln.nspname, l.collname) END, ', ' ORDER BY a.attnum)
            FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type y ON y.oid = a.atttypid
            LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation AND a.attcollation <> y.typcollation
            LEFT JOIN pg_catalog.pg_namespace ln ON ln.oid = l.collnamespace
            WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped))
         WHEN 'r' THEN (SELECT format('CREATE TYPE %I.%I AS RANGE (SUBTYPE = %s, MULTIRANGE_TYPE_NAME = %s', n.nspname, t.typname,
                                      format_type(r.rngsubtype, NULL), format_type(r.rngmultitypid, NULL))
             || CASE WHEN o.opcdefault THEN '' ELSE format(', SUBTYPE_OPCLASS = %I.%I', op.nspname, o.opcname) END
             || CASE WHEN l.oid IS NULL THEN '' ELSE format(', COLLATION = %I.%I', ln.nspname, l.collname) END
             || CASE WHEN r.rngsubdiff = 0 THEN '' ELSE ', SUBTYPE_DIFF = ' || r.rngsubdiff END || ')'
           FROM pg_catalog.pg_range r JOIN pg_catalog.pg_opclass o ON o.oid = r.rngsubopc
           JOIN pg_catalog.pg_namespace op ON op.oid = o.opcnamespace JOIN pg_catalog.pg_type s ON s.oid = r.rngsubtype
           LEFT JOIN pg_catalog.pg_collation l ON l.oid = r.rngcollation AND r.rngcollation <> s.typcollation
           LEFT JOIN pg_catalog.pg_namespace ln ON ln.oid = l.collnamespace WHERE r.rngtypid = t.oid)
         ELSE format('CREATE DOMAIN %I.%I AS %s', n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod))
           || (SELECT coalesce(min(format(' COLLATE %I.%I', ln.nspname, l.collname)), '') FROM pg_catalog.pg_collation l
               JOIN pg_catalog.pg_namespace ln ON ln.oid = l.collnamespace
               WHERE l.oid = t.typcollation AND t.typcollation <> (SELECT b.typcollation FROM pg_catalog.pg_type b WHERE b.oid = t.typbasetype))
           || coalesce(' DEFAULT ' || pg_get_expr(t.typdefaultbin, 0), '')
           || CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END
           || (SELECT coalesce(string_agg(format(' CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid)), '' ORDER BY k.conname), '')
               FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c' AND k.convalidated AND NOT EXISTS (
                 SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_constraint'::regclass AND d.objid = k.oid
                 AND d.refclassid = 'pg_catalog.pg_proc'::regclass)) END,
       '{}'::oid[], '{}'::text[]
FROM pg_catalog.pg_type t JOIN ns n ON n.oid = t.typnamespace
LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
WHERE t.typtype IN ('e', 'd') OR t.typtype = 'c' AND c.relkind = 'c'
   OR t.typtype = 'r' AND EXISTS (SELECT FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid AND r.rngcanonical = 0)
UNION ALL
-- Those that are made of functions in C can't be made again; what needs them is told by that.
SELECT 'pg_catalog.pg_type'::regclass::oid, t.oid, '', 'before', 'type ' || format_type(t.oid, NULL), format('CREATE TYPE %I.%I', n.nspname, t.typname),
       '{}'::oid[], ARRAY['the definition of type ' || format_type(t.oid, NULL)]
FROM pg_catalog.pg_type t JOIN ns n ON n.oid = t.typnamespace
WHERE t.typtype = 'b' AND t.typoutput <> 'array_out'::regproc OR t.typtype = 'p'
   OR EXISTS (SELECT FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid AND r.rngcanonical <> 0)
