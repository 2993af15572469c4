SELECT 'pg_catalog.pg_default_acl'::regclass::oid, x.oid, 'default' || to_char(x.step, '0') || to_char(x.place, '00000') || x.option, 'rights', '',
       format('ALTER DEFAULT PRIVILEGES FOR ROLE %I%s ', x.role, coalesce(' IN SCHEMA ' || quote_ident(x.nspname), ''))
       || CASE x.step WHEN 0 THEN format('REVOKE ALL ON %s FROM %s', x.kind, x.grantee)
          ELSE format('GRANT %s ON %s TO %s%s', x.privileges, x.kind, x.grantee, CASE WHEN x.option THEN ' WITH GRANT OPTION' ELSE '' END) END,
       '{}'::oid[], x.needs || ('owner ' || x.role) || CASE WHEN x.nspname IS NULL THEN '{}' ELSE ARRAY['schema ' || x.nspname] END
FROM (
  SELECT d.oid, s.step, u.place, e.is_grantable AS option, o.rolname AS role, n.nspname,
         CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END AS kind,
         string_agg(e.privilege_type, ', ') AS privileges, CASE WHEN e.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(r.rolname) END AS grantee,
         CASE WHEN e.grantee = 0 THEN '{}'::text[] ELSE ARRAY['role ' || r.rolname] END AS needs
  FROM pg_catalog.pg_default_acl d JOIN pg_catalog.pg_roles o ON o.oid = d.defaclrole LEFT JOIN ns n ON n.oid = d.defaclnamespace
  CROSS JOIN LATERAL (SELECT CASE WHEN d.defaclnamespace = 0 THEN acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END, d.defaclrole) ELSE '{}' END) b(base)
  CROSS JOIN LATERAL (VALUES (0, b.base, d.defaclacl), (1, d.defaclacl, b.base)) s(step, items, others)
  CROSS JOIN LATERAL unnest(s.items) WITH ORDINALITY u(item, place)
  CROSS JOIN LATERAL aclexplode(ARRAY[u.item]) e
  LEFT JOIN pg_catalog.pg_roles r ON r.oid = e.grantee
  WHERE NOT u.item = ANY (s.others) AND (d.defaclnamespace = 0 OR n.oid IS NOT NULL) AND (e.grantee = 0 OR r.oid IS NOT NULL)
  GROUP BY d.oid, s.step, u.place, e.is_grantable, o.rolname, n.nspname, d.defaclobjtype, e.grantee, r.rolname) x
