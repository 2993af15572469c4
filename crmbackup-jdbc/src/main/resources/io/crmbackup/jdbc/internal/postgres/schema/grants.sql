-- What differs from the rights that such an object has from the beginning: first those that are gone, then those that were given.
SELECT x.class, x.oid, 'grant' || to_char(x.sub, '0000') || to_char(x.step, '0') || to_char(x.place, '00000') || x.option, 'rights', '', CASE x.step
       WHEN 0 THEN format('REVOKE ALL%s ON %s %s FROM %s', x.columns, x.kind, x.identity, x.grantee)
       ELSE format('GRANT %s ON %s %s TO %s%s', x.privileges, x.kind, x.identity, x.grantee, CASE WHEN x.option THEN ' WITH GRANT OPTION' ELSE '' END) END,
       '{}'::oid[], x.needs
FROM (
  SELECT o.class, o.oid, o.sub, s.step, u.place, e.is_grantable AS option, o.kind, i.identity, CASE WHEN a.attname IS NULL THEN '' ELSE format(' (%I)', a.attname) END AS columns,
         string_agg(e.privilege_type || CASE WHEN a.attname IS NULL THEN '' ELSE format(' (%I)', a.attname) END, ', ') AS privileges,
         CASE WHEN e.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(r.rolname) END AS grantee,
         CASE WHEN e.grantee = 0 THEN '{}' ELSE ARRAY['role ' || r.rolname] END AS needs
  FROM (SELECT 'pg_catalog.pg_namespace'::regclass::oid AS class, n.oid, 0 AS sub, 'SCHEMA' AS kind, s.nspacl AS acl, s.nspowner AS owner,
               coalesce(p.initprivs, acldefault('n', s.nspowner)) AS base
          FROM ns n JOIN pg_catalog.pg_namespace s ON s.oid = n.oid LEFT JOIN pg_catalog.pg_init_privs p ON p.classoid = 'pg_catalog.pg_namespace'::regclass AND p.objoid = n.oid
        UNION ALL SELECT 'pg_catalog.pg_class'::regclass, c.oid, 0, CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.relacl, c.relowner,
               acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner)
          FROM pg_catalog.pg_class c JOIN ns ON ns.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S')
        UNION ALL SELECT 'pg_catalog.pg_class'::regclass, c.oid, a.attnum, 'TABLE', a.attacl, c.relowner, '{}'
          FROM pg_catalog.pg_class c JOIN ns ON ns.oid = c.relnamespace JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
          WHERE c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL SELECT 'pg_catalog.pg_type'::regclass, t.oid, 0, 'TYPE', t.typacl, t.typowner, acldefault('T', t.typowner)
          FROM pg_catalog.pg_type t JOIN ns ON ns.oid = t.typnamespace
        UNION ALL SELECT 'pg_catalog.pg_proc'::regclass, p.oid, 0, CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, p.proacl, p.proowner, acldefault('f', p.proowner)
          FROM pg_catalog.pg_proc p JOIN ns ON ns.oid = p.pronamespace) o
  CROSS JOIN LATERAL (VALUES (0, o.base, o.acl), (1, o.acl, o.base)) s(step, items, others)
  CROSS JOIN LATERAL unnest(s.items) WITH ORDINALITY u(item, place)
  CROSS JOIN LATERAL aclexplode(ARRAY[u.item]) e
  CROSS JOIN LATERAL pg_identify_object(o.class, o.oid, 0) i
  LEFT JOIN pg_catalog.pg_roles r ON r.oid = e.grantee
  LEFT JOIN pg_catalog.pg_attribute a ON o.sub > 0 AND a.attrelid = o.oid AND a.attnum = o.sub
  WHERE o.acl IS NOT NULL AND NOT u.item = ANY (s.others) AND e.grantor = o.owner AND (e.grantee = 0 OR r.oid IS NOT NULL)
  GROUP BY o.class, o.oid, o.sub, s.step, u.place, e.is_grantable, o.kind, i.identity, a.attname, e.grantee, r.rolname) x
