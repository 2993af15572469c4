SELECT 'pg_catalog.pg_proc'::regclass::oid, p.oid, '', 'after',
       format('aggregate %I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)),
       format('CREATE AGGREGATE %I.%I(%s) (SFUNC = %s, STYPE = %s, SSPACE = %s', n.nspname, p.proname,
              coalesce(nullif(pg_get_function_arguments(p.oid), ''), '*'), g.aggtransfn, format_type(g.aggtranstype, NULL), g.aggtransspace)
       || CASE WHEN g.aggfinalfn = 0 THEN '' ELSE ', FINALFUNC = ' || g.aggfinalfn || CASE WHEN g.aggfinalextra THEN ', FINALFUNC_EXTRA' ELSE '' END
            || ', FINALFUNC_MODIFY = ' || CASE g.aggfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END
       || CASE WHEN g.aggcombinefn = 0 THEN '' ELSE ', COMBINEFUNC = ' || g.aggcombinefn END
       || CASE WHEN g.aggserialfn = 0 THEN '' ELSE ', SERIALFUNC = ' || g.aggserialfn || ', DESERIALFUNC = ' || g.aggdeserialfn END
       || coalesce(', INITCOND = ' || quote_literal(g.agginitval), '')
       || CASE WHEN g.aggmtransfn = 0 THEN '' ELSE
            format(', MSFUNC = %s, MINVFUNC = %s, MSTYPE = %s, MSSPACE = %s', g.aggmtransfn, g.aggminvtransfn, format_type(g.aggmtranstype, NULL), g.aggmtransspace)
            || coalesce(', MINITCOND = ' || quote_literal(g.aggminitval), '')
            || CASE WHEN g.aggmfinalfn = 0 THEN '' ELSE ', MFINALFUNC = ' || g.aggmfinalfn || CASE WHEN g.aggmfinalextra THEN ', MFINALFUNC_EXTRA' ELSE '' END
                 || ', MFINALFUNC_MODIFY = ' || CASE g.aggmfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END END
       || CASE WHEN o.oid IS NULL THEN '' ELSE format(', SORTOP = OPERATOR(%I.%s)', op.nspname, o.oprname) END
       || CASE g.aggkind WHEN 'h' THEN ', HYPOTHETICAL' ELSE '' END
       || ', PARALLEL = ' || CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' ELSE 'UNSAFE' END || ')',
       '{}'::oid[], '{}'::text[]
FROM pg_catalog.pg_aggregate g JOIN pg_catalog.pg_proc p ON p.oid = g.aggfnoid JOIN ns n ON n.oid = p.pronamespace
LEFT JOIN pg_catalog.pg_operator o ON o.oid = g.aggsortop LEFT JOIN pg_catalog.pg_namespace op ON op.oid = o.oprnamespace
