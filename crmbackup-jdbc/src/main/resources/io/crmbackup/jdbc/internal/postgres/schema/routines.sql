SELECT 'pg_catalog.pg_proc'::regclass::oid, p.oid, '', 'after',
       CASE p.prokind WHEN 'p' THEN 'procedure ' ELSE 'function ' END
         || format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)),
       pg_get_functiondef(p.oid), '{}'::oid[], CASE WHEN l.lanpltrusted OR l.lanname = 'sql' THEN '{}' ELSE ARRAY['superuser'] END || ('language ' || l.lanname)
FROM pg_catalog.pg_proc p JOIN ns n ON n.oid = p.pronamespace JOIN pg_catalog.pg_language l ON l.oid = p.prolang
WHERE p.prokind IN ('f', 'p', 'w') AND NOT EXISTS (
  SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')
