-- The kinds of which there is nothing: planning their queries takes longer than this one. Each condition holds wherever the kind's query gives something.
WITH ns AS (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'),
rel AS (SELECT c.oid, c.relkind, c.relrowsecurity, c.relforcerowsecurity, c.relreplident FROM pg_catalog.pg_class c JOIN ns n ON n.oid = c.relnamespace)
SELECT v.kind FROM (VALUES
  ('collations', EXISTS (SELECT FROM pg_catalog.pg_collation c JOIN ns n ON n.oid = c.collnamespace)),
  ('types', EXISTS (SELECT FROM pg_catalog.pg_type t JOIN ns n ON n.oid = t.typnamespace)),
  ('sequences', EXISTS (SELECT FROM rel WHERE relkind = 'S')),
  ('tables', EXISTS (SELECT FROM rel WHERE relkind IN ('r', 'p'))),
  ('storage', EXISTS (SELECT FROM rel WHERE relkind IN ('r', 'p', 'm'))),
  ('partitions', EXISTS (SELECT FROM pg_catalog.pg_inherits)),
  ('routines', EXISTS (SELECT FROM pg_catalog.pg_proc p JOIN ns n ON n.oid = p.pronamespace WHERE p.prokind <> 'a')),
  ('aggregates', EXISTS (SELECT FROM pg_catalog.pg_proc p JOIN ns n ON n.oid = p.pronamespace WHERE p.prokind = 'a')),
  ('operators', EXISTS (SELECT FROM pg_catalog.pg_operator o JOIN ns n ON n.oid = o.oprnamespace)),
  ('operator-families', EXISTS (SELECT FROM pg_catalog.pg_opfamily f JOIN ns n ON n.oid = f.opfnamespace)),
  ('operator-classes', EXISTS (SELECT FROM pg_catalog.pg_opclass c JOIN ns n ON n.oid = c.opcnamespace)),
  ('casts', EXISTS (SELECT FROM pg_catalog.pg_cast WHERE oid >= 16384)),
  ('text-search', EXISTS (SELECT FROM pg_catalog.pg_ts_dict d JOIN ns n ON n.oid = d.dictnamespace)
    OR EXISTS (SELECT FROM pg_catalog.pg_ts_config c JOIN ns n ON n.oid = c.cfgnamespace)),
  ('domain-constraints', EXISTS (SELECT FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_type t ON t.oid = k.contypid JOIN ns n ON n.oid = t.typnamespace)),
  ('defaults', EXISTS (SELECT FROM rel WHERE relkind IN ('r', 'p', 'v'))),
  ('constraints', EXISTS (SELECT FROM rel WHERE relkind IN ('r', 'p'))),
  ('indexes', EXISTS (SELECT FROM rel WHERE relkind IN ('i', 'I'))),
  ('statistics', EXISTS (SELECT FROM pg_catalog.pg_statistic_ext)),
  ('views', EXISTS (SELECT FROM rel WHERE relkind IN ('v', 'm'))),
  ('rules', EXISTS (SELECT FROM pg_catalog.pg_rewrite r JOIN rel c ON c.oid = r.ev_class WHERE r.rulename <> '_RETURN')),
  ('triggers', EXISTS (SELECT FROM pg_catalog.pg_trigger)),
  ('policies', EXISTS (SELECT FROM pg_catalog.pg_policy)
    OR EXISTS (SELECT FROM rel WHERE relrowsecurity OR relforcerowsecurity OR relreplident IN ('f', 'n'))),
  ('default-rights', EXISTS (SELECT FROM pg_catalog.pg_default_acl)),
  ('refreshes', EXISTS (SELECT FROM rel WHERE relkind = 'm')),
  ('event-triggers', EXISTS (SELECT FROM pg_catalog.pg_event_trigger))
) v(kind, something) WHERE NOT v.something
