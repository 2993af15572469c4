SELECT 'pg_catalog.pg_ts_dict'::regclass::oid, d.oid, '', 'after', format('text search dictionary %I.%I', n.nspname, d.dictname),
       format('CREATE TEXT SEARCH DICTIONARY %I.%I (TEMPLATE = %I.%I%s)', n.nspname, d.dictname, tn.nspname, t.tmplname, ', ' || d.dictinitoption),
       '{}'::oid[], '{}'::text[]
FROM pg_catalog.pg_ts_dict d JOIN ns n ON n.oid = d.dictnamespace JOIN pg_catalog.pg_ts_template t ON t.oid = d.dicttemplate
JOIN pg_catalog.pg_namespace tn ON tn.oid = t.tmplnamespace
UNION ALL
SELECT 'pg_catalog.pg_ts_config'::regclass::oid, c.oid, '', 'after', format('text search configuration %I.%I', n.nspname, c.cfgname),
       format('CREATE TEXT SEARCH CONFIGURATION %I.%I (PARSER = %I.%I)', n.nspname, c.cfgname, pn.nspname, p.prsname), '{}'::oid[], '{}'::text[]
FROM pg_catalog.pg_ts_config c JOIN ns n ON n.oid = c.cfgnamespace JOIN pg_catalog.pg_ts_parser p ON p.oid = c.cfgparser
JOIN pg_catalog.pg_namespace pn ON pn.oid = p.prsnamespace
UNION ALL
SELECT 'pg_catalog.pg_ts_config'::regclass::oid, c.oid, 'mapping ' || to_char(m.maptokentype, '000'), 'after', '',
       format('ALTER TEXT SEARCH CONFIGURATION %I.%I ADD MAPPING FOR %I WITH %s', n.nspname, c.cfgname, k.alias,
              string_agg(format('%I.%I', dn.nspname, d.dictname), ', ' ORDER BY m.mapseqno)), '{}'::oid[], '{}'::text[]
FROM pg_catalog.pg_ts_config c JOIN ns n ON n.oid = c.cfgnamespace JOIN pg_catalog.pg_ts_config_map m ON m.mapcfg = c.oid
JOIN LATERAL ts_token_type(c.cfgparser) k ON k.tokid = m.maptokentype JOIN pg_catalog.pg_ts_dict d ON d.oid = m.mapdict
JOIN pg_catalog.pg_namespace dn ON dn.oid = d.dictnamespace
GROUP BY c.oid, n.nspname, c.cfgname, m.maptokentype, k.alias
