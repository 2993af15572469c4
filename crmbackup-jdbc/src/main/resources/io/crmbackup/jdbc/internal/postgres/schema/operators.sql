SELECT 'pg_catalog.pg_operator'::regclass::oid, o.oid, '', 'after', 'operator ' || (pg_identify_object('pg_catalog.pg_operator'::regclass, o.oid, 0)).identity,
       format('CREATE OPERATOR %I.%s (FUNCTION = %s', n.nspname, o.oprname, o.oprcode)
       || CASE WHEN o.oprleft = 0 THEN '' ELSE ', LEFTARG = ' || format_type(o.oprleft, NULL) END
       || CASE WHEN o.oprright = 0 THEN '' ELSE ', RIGHTARG = ' || format_type(o.oprright, NULL) END
       || CASE WHEN c.oid IS NULL THEN '' ELSE format(', COMMUTATOR = OPERATOR(%I.%s)', cn.nspname, c.oprname) END
       || CASE WHEN g.oid IS NULL THEN '' ELSE format(', NEGATOR = OPERATOR(%I.%s)', gn.nspname, g.oprname) END
       || CASE WHEN o.oprrest = 0 THEN '' ELSE ', RESTRICT = ' || o.oprrest END
       || CASE WHEN o.oprjoin = 0 THEN '' ELSE ', JOIN = ' || o.oprjoin END
       || CASE WHEN o.oprcanmerge THEN ', MERGES' ELSE '' END || CASE WHEN o.oprcanhash THEN ', HASHES' ELSE '' END || ')',
       '{}'::oid[], '{}'::text[]
FROM pg_catalog.pg_operator o JOIN ns n ON n.oid = o.oprnamespace
LEFT JOIN pg_catalog.pg_operator c ON c.oid = o.oprcom LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = c.oprnamespace
LEFT JOIN pg_catalog.pg_operator g ON g.oid = o.oprnegate LEFT JOIN pg_catalog.pg_namespace gn ON gn.oid = g.oprnamespace
WHERE o.oprcode <> 0
