SELECT d.classoid, d.objoid, 'comment' || to_char(d.objsubid, '0000'), 'after', '',
       'COMMENT ON ' || CASE i.type WHEN 'domain constraint' THEN (SELECT format('CONSTRAINT %I ON DOMAIN %s', k.conname, format_type(k.contypid, NULL))
                FROM pg_catalog.pg_constraint k WHERE k.oid = d.objoid)
              WHEN 'table constraint' THEN 'CONSTRAINT ' || i.identity WHEN 'statistics object' THEN 'STATISTICS ' || i.identity
              ELSE CASE WHEN i.type LIKE '% column' THEN 'COLUMN' WHEN i.type = 'composite type' THEN 'TYPE' ELSE upper(i.type) END || ' ' || i.identity END
       || ' IS ''' || replace(d.description, '''', '''''') || '''',
       '{}'::oid[], '{}'::text[]
FROM pg_catalog.pg_description d CROSS JOIN LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) i
WHERE d.objoid >= 16384 OR d.classoid = 'pg_catalog.pg_namespace'::regclass AND d.objoid IN (SELECT oid FROM ns) AND d.description <> 'standard public schema'
