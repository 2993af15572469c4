SELECT 'pg_catalog.pg_policy'::regclass::oid, p.oid, '', 'after', format('policy %I of table %I.%I', p.polname, n.nspname, c.relname),
       format('CREATE POLICY %I ON %I.%I', p.polname, n.nspname, c.relname) || CASE WHEN p.polpermissive THEN '' ELSE ' AS RESTRICTIVE' END
       || CASE p.polcmd WHEN 'r' THEN ' FOR SELECT' WHEN 'a' THEN ' FOR INSERT' WHEN 'w' THEN ' FOR UPDATE' WHEN 'd' THEN ' FOR DELETE' ELSE '' END
       || CASE WHEN r.names IS NULL THEN '' ELSE ' TO ' || r.quoted END
       || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
       || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', ''), '{}'::oid[], coalesce(r.names, '{}')
FROM pg_catalog.pg_policy p JOIN rel c ON c.oid = p.polrelid JOIN ns n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (SELECT array_agg('role ' || a.rolname) AS names, string_agg(quote_ident(a.rolname), ', ' ORDER BY u.place) AS quoted
  FROM unnest(p.polroles) WITH ORDINALITY u(role, place) JOIN pg_catalog.pg_roles a ON a.oid = u.role) r
UNION ALL
SELECT 'pg_catalog.pg_class'::regclass::oid, c.oid, s.what, 'after', '', format('ALTER TABLE ONLY %I.%I %s', n.nspname, c.relname, s.what), '{}'::oid[], '{}'::text[]
FROM rel c JOIN ns n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (VALUES ('ENABLE ROW LEVEL SECURITY', c.relrowsecurity), ('FORCE ROW LEVEL SECURITY', c.relforcerowsecurity),
  ('REPLICA IDENTITY FULL', c.relreplident = 'f'), ('REPLICA IDENTITY NOTHING', c.relreplident = 'n')) s(what, so)
WHERE c.relkind IN ('r', 'p') AND s.so
