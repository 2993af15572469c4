SELECT 'pg_catalog.pg_statistic_ext'::regclass::oid, s.oid, p.part, 'after', CASE p.part WHEN '' THEN format('statistics %I.%I', n.nspname, s.stxname) ELSE '' END,
       CASE p.part WHEN '' THEN pg_get_statisticsobjdef(s.oid)
       ELSE format('ALTER STATISTICS %I.%I SET STATISTICS %s', n.nspname, s.stxname, s.stxstattarget) END, ARRAY[s.stxrelid], '{}'::text[]
FROM pg_catalog.pg_statistic_ext s JOIN ns n ON n.oid = s.stxnamespace CROSS JOIN (VALUES (''), ('target')) p(part)
WHERE s.stxrelid IN (SELECT oid FROM rel) AND (p.part = '' OR coalesce(s.stxstattarget, -1) >= 0)
