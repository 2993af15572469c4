-- A small CRM with the names, types and values that a backup gets wrong most easily. The same rows on every machine. What MySQL 5.6 lacks
-- stands in comments that MariaDB alone executes.
SET NAMES utf8mb4;
SET time_zone = '+00:00', sql_mode = 'NO_AUTO_VALUE_ON_ZERO', foreign_key_checks = 0;

CREATE TABLE numbers (n int PRIMARY KEY);
INSERT INTO numbers VALUES (0);
INSERT INTO numbers SELECT n + 1 FROM numbers;
INSERT INTO numbers SELECT n + 2 FROM numbers;
INSERT INTO numbers SELECT n + 4 FROM numbers;
INSERT INTO numbers SELECT n + 8 FROM numbers;
INSERT INTO numbers SELECT n + 16 FROM numbers;
INSERT INTO numbers SELECT n + 32 FROM numbers;
INSERT INTO numbers SELECT n + 64 FROM numbers;
INSERT INTO numbers SELECT n + 128 FROM numbers;
INSERT INTO numbers SELECT n + 256 FROM numbers;
INSERT INTO numbers SELECT n + 512 FROM numbers;

-- Two tables that refer to each other, and one that refers to itself; a row whose generated key is 0.
CREATE TABLE employee (
  id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  login varchar(40) NOT NULL UNIQUE,
  manager_id int unsigned,
  CONSTRAINT employee_manager FOREIGN KEY (manager_id) REFERENCES employee (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE TABLE account (
  id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
  name varchar(100) NOT NULL COMMENT 'it''s the; "name" of \\ all',
  owner_id int unsigned NOT NULL,
  main_contact_id bigint NOT NULL,
  stage enum('new','won','it''s odd','a,b','') NOT NULL DEFAULT 'new',
  tags set('vip','partner','west end') NOT NULL DEFAULT '',
  revenue decimal(14,2) DEFAULT 1.50,
  changed timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP
  /*M!100200 , name_key varchar(100) AS (lower(name)) PERSISTENT, name_length int AS (char_length(name)) VIRTUAL */,
  KEY (name(20)),
  CONSTRAINT account_owner FOREIGN KEY (owner_id) REFERENCES employee (id),
  CONSTRAINT account_contact FOREIGN KEY (main_contact_id) REFERENCES contact (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE TABLE contact (
  id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
  account_id bigint NOT NULL,
  name varchar(100) NOT NULL,
  email varchar(100),
  phone char(12),
  photo mediumblob,
  notes mediumtext,
  born date,
  CONSTRAINT contact_account FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO employee SELECT n, concat('user', n), if(n = 0, NULL, n div 3) FROM numbers WHERE n < 30;
INSERT INTO account (id, name, owner_id, main_contact_id, stage, tags, revenue, changed)
  SELECT n, concat(elt(1 + n % 8, 'Ærlig & Sønner', '北京', 'O''Neil; "Sons"', 'tab\there', 'two\nlines', '  spaces  ', 'back\\slash', '😀 GmbH'), n),
    n % 30, n * 4, 1 + n % 5, n % 8, if(n % 5 = 0, NULL, n * 12345.67), '2024-02-29 23:59:59' + INTERVAL n HOUR
  FROM numbers WHERE n BETWEEN 1 AND 250;
INSERT INTO contact SELECT n, 1 + (n - 1) div 4, concat('Contact ', n), concat('c', n, '@example.com'), concat('+47 ', n),
    if(n % 7 = 0, unhex(repeat(md5(n), n % 50)), NULL), if(n % 100 = 0, repeat(md5(n), 3000), if(n % 3 = 0, '', NULL)), '1950-01-01' + INTERVAL n * 13 DAY
  FROM numbers WHERE n BETWEEN 1 AND 1000;

-- Names.
CREATE TABLE `order` (`select` int PRIMARY KEY, `Mixed Case` varchar(20), `semi;colon` int, `back``tick` int, `ünïcode` int, `1st` int) DEFAULT CHARSET=utf8mb4;
INSERT INTO `order` SELECT n, concat('m', n), n, -n, 1, 2 FROM numbers WHERE n < 50;
CREATE TABLE `a table; with "odd' ``name``` (id int PRIMARY KEY) DEFAULT CHARSET=utf8mb4;
INSERT INTO `a table; with "odd' ``name``` VALUES (1);
CREATE TABLE a_name_that_is_exactly_as_long_as_mariadb_allows_it_to_be_of__64 (a_column_that_is_exactly_as_long_as_mariadb_allows_it_to_be___64 int);
INSERT INTO a_name_that_is_exactly_as_long_as_mariadb_allows_it_to_be_of__64 VALUES (64);

-- Without keys, with duplicates; without rows; without transactions; keys whose case and accents are one.
CREATE TABLE audit_log (at datetime(6) NOT NULL, actor varchar(20), what text) ENGINE=InnoDB DEFAULT CHARSET=latin1;
INSERT INTO audit_log SELECT '2025-01-01 00:00:00.000001' + INTERVAL n div 3 MINUTE, nullif(concat('user', n div 3 % 7), 'user3'), 'café' FROM numbers WHERE n < 600;
CREATE TABLE nothing_yet (id int PRIMARY KEY, what text);
CREATE TABLE old_log (id int NOT NULL AUTO_INCREMENT, what varchar(50), PRIMARY KEY (id), FULLTEXT KEY (what)) ENGINE=MyISAM DEFAULT CHARSET=latin1;
INSERT INTO old_log (what) SELECT concat('what ', n) FROM numbers;
CREATE TABLE old_event (what char(20), n int) ENGINE=MyISAM DEFAULT CHARSET=latin1;
INSERT INTO old_event SELECT 'ÿ', n div 2 FROM numbers WHERE n < 100;
CREATE TABLE text_key (code varchar(10), part varbinary(5), PRIMARY KEY (code, part)) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
INSERT INTO text_key VALUES ('', ''), ('a', 'x'), ('A', 'X'), ('á', ''), ('z', '\0'), ('~', '\n'), ('😀', '\\');

-- One column of each type, and their ends.
CREATE TABLE all_types (
  id int PRIMARY KEY, ti tinyint, tu tinyint unsigned, bo boolean, s smallint, su smallint unsigned, m mediumint, mu mediumint unsigned,
  i int, iu int unsigned zerofill, b bigint, bu bigint unsigned, d decimal(65,30), f float, db double, bit1 bit(1), bits bit(64),
  da date, tm time(6), dt datetime(6), ts timestamp(6) NULL, y year,
  c char(5), v varchar(20), bn binary(4), vb varbinary(20), tb tinyblob, bl blob, mb mediumblob, lb longblob,
  tt tinytext, te text, mt mediumtext, lt longtext, l1 varchar(20) CHARACTER SET latin1, u3 varchar(20) CHARACTER SET utf8, u2 varchar(20) CHARACTER SET ucs2,
  e enum('a','b''c',''), se set('x','y','z'), g geometry, p point
  /*M!101005 , js json, i6 inet6, uid uuid */
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO all_types (id) VALUES (0);
SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES';
INSERT INTO all_types (id, ti, tu, bo, s, su, m, mu, i, iu, b, bu, d, f, db, bit1, bits, da, tm, dt, ts, y, c, v, bn, vb, tb, bl, mb, lb, tt, te, mt, lt, l1, u3, u2, e, se, g, p) VALUES
  (1, -128, 0, false, -32768, 0, -8388608, 0, -2147483648, 0, -9223372036854775808, 0, -0.000000000000000000000000000001, -3.4e38, 2.3e-308, b'0', 0,
   '0000-00-00', '-838:59:59', '0000-00-00 00:00:00', '1970-01-01 00:00:01', 0, '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', NULL, NULL),
  (2, 127, 255, true, 32767, 65535, 8388607, 16777215, 2147483647, 4294967295, 9223372036854775807, 18446744073709551615,
   12345678901234567890123456789012345.123456789012345678901234567890, 3.4e38, 1.7e308, b'1', b'1111111111111111111111111111111111111111111111111111111111111111',
   '9999-12-31', '838:59:59', '9999-12-31 23:59:59.999999', '2038-01-19 03:14:07.999999', 2155, 'ab', ' v ', 'b', x'00ff5c27220a', x'00', x'ff', x'0000', x'5c',
   'quote''s "double" back\\slash', 'tab\t newline\n return\r; 😀', repeat('long ', 2000), 'zero \0 byte', 'é', '€', 'ß', 'b''c', 'x,z',
   ST_GeomFromText('LINESTRING(0 0, 1 1.5)'), ST_GeomFromText('POINT(-1.25 1e10)')),
  (3, 1, 1, 7, 1, 1, 1, 1, 1, 1, 1, 1, 1.5, 0.1, 0.1, b'1', 1, '2024-02-31', '00:00:00.000001', '2024-00-00 00:00:00', NULL, 1970, 'trail ', 'trail ', 'a\0', '',
   'a', 'b', 'c', 'd', 'a', 'b', 'c', 'd', 'ÿ', '字', '字', 'a', 'y', NULL, NULL);
/*M!101005 UPDATE all_types SET js = ' {"b":1, "a" : 1.10, "a":2} ', i6 = '2001:db8::1', uid = 'ffffffff-ffff-1fff-bfff-ffffffffffff' WHERE id = 2 */;

CREATE VIEW pipeline AS SELECT stage, sum(revenue) AS total FROM account GROUP BY stage;
CREATE TABLE account_history (account_id bigint, at timestamp NULL) DEFAULT CHARSET=utf8mb4;
DELIMITER ;;
CREATE TRIGGER account_changed AFTER UPDATE ON account FOR EACH ROW
BEGIN
  INSERT INTO account_history VALUES (NEW.id, NEW.changed);
END ;;
CREATE PROCEDURE forget(IN old bigint)
BEGIN
  DELETE FROM contact WHERE account_id = old; DELETE FROM account WHERE id = old;
END ;;
DELIMITER ;
DROP TABLE numbers;
SET sql_mode = DEFAULT, foreign_key_checks = 1;
