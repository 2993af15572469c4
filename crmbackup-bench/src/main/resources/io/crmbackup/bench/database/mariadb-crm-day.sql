-- One working day like PostgreSQL's: 1 % of contacts edited, 0.5 % of opportunities move, 0.5 % new activities, some deletes, one table emptied and filled again.
START TRANSACTION;
UPDATE contact SET phone = concat('+47 ', 10000000 + conv(left(md5(concat(id, 'day', @day)), 7), 16, 10) % 89999999), updated_at = '2026-01-01' + INTERVAL @day DAY
  WHERE conv(left(md5(concat(id, 'pick', @day)), 7), 16, 10) % 100 = 0;
UPDATE opportunity SET stage = 'won', updated_at = '2026-01-01' + INTERVAL @day DAY
  WHERE conv(left(md5(concat(id, 'pick', @day)), 7), 16, 10) % 200 = 0;
INSERT INTO activity (contact_id, kind, subject, body, done, minutes, happened_at)
  SELECT c.id, 'call', a.subject, concat('again: ', a.body), false, 5, '2026-01-01' + INTERVAL @day DAY
  FROM contact c JOIN activity a ON a.id = 1 + conv(left(md5(concat(c.id, 'new', @day)), 7), 16, 10) % 500000
  WHERE conv(left(md5(concat(c.id, 'act', @day)), 7), 16, 10) % 20 = 0 ORDER BY c.id;
DELETE FROM activity WHERE conv(left(md5(concat(id, 'del', @day)), 7), 16, 10) % 2000 = 0;
UPDATE note SET body = concat(body, ' (seen)') WHERE conv(left(md5(concat(account_id, 'note', @day)), 7), 16, 10) % 500 = 0;
COMMIT;
CREATE TEMPORARY TABLE keep AS SELECT * FROM audit_log;
TRUNCATE audit_log;
INSERT INTO audit_log SELECT * FROM keep;
INSERT INTO audit_log SELECT '2026-01-01' + INTERVAL @day DAY, concat('user', seq % 7), 'login' FROM seq_1_to_50
