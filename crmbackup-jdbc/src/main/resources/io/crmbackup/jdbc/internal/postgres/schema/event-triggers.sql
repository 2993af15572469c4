-- Last of all: they are set off by definitions.
SELECT 'pg_catalog.pg_event_trigger'::regclass::oid, e.oid, p.part, 'last', CASE p.part WHEN '' THEN format('event trigger %I', e.evtname) ELSE '' END,
       CASE p.part WHEN '' THEN format('CREATE EVENT TRIGGER %I ON %I', e.evtname, e.evtevent)
         || coalesce((SELECT format(' WHEN TAG IN (%s)', string_agg(quote_literal(t.tag), ', ')) FROM unnest(e.evttags) t(tag)), '') || format(' EXECUTE FUNCTION %s()', e.evtfoid::regproc)
       ELSE format('ALTER EVENT TRIGGER %I %s', e.evtname, CASE e.evtenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END) END,
       '{}'::oid[], ARRAY['superuser']
FROM pg_catalog.pg_event_trigger e CROSS JOIN (VALUES (''), ('state')) p(part)
WHERE p.part = '' OR e.evtenabled <> 'O'
