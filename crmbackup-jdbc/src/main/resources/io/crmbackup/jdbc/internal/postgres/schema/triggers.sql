-- Partitions get theirs from the whole; what differs there is how they are enabled.
SELECT 'pg_catalog.pg_trigger'::regclass::oid, t.oid, p.part, 'after', CASE p.part WHEN '' THEN format('trigger %I of %I.%I', t.tgname, n.nspname, c.relname) ELSE '' END,
       CASE p.part WHEN '' THEN CASE WHEN t.tgparentid = 0 THEN pg_get_triggerdef(t.oid) ELSE '' END
       ELSE format('ALTER TABLE ONLY %I.%I %s TRIGGER %I', n.nspname, c.relname,
         CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE' END, t.tgname) END,
       ARRAY[c.oid], '{}'::text[]
FROM pg_catalog.pg_trigger t JOIN rel c ON c.oid = t.tgrelid JOIN ns n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_trigger w ON w.oid = t.tgparentid CROSS JOIN (VALUES (''), ('state')) p(part)
WHERE (NOT t.tgisinternal OR t.tgparentid <> 0 AND NOT w.tgisinternal) AND (p.part = '' OR t.tgenabled <> coalesce(w.tgenabled, 'O'))
