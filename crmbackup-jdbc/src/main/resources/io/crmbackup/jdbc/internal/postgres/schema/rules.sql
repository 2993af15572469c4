SELECT 'pg_catalog.pg_rewrite'::regclass::oid, r.oid, p.part, 'after', CASE p.part WHEN '' THEN format('rule %I of %I.%I', r.rulename, n.nspname, c.relname) ELSE '' END,
       CASE p.part WHEN '' THEN rtrim(pg_get_ruledef(r.oid), ';')
       ELSE format('ALTER TABLE %I.%I %s RULE %I', n.nspname, c.relname, CASE r.ev_enabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, r.rulename) END,
       '{}'::oid[], '{}'::text[]
FROM pg_catalog.pg_rewrite r JOIN rel c ON c.oid = r.ev_class JOIN ns n ON n.oid = c.relnamespace CROSS JOIN (VALUES (''), ('state')) p(part)
WHERE r.rulename <> '_RETURN' AND (p.part = '' OR r.ev_enabled <> 'O')
