-- The tables of the generated CRM, with the types of MariaDB that are nearest to PostgreSQL's.
SET foreign_key_checks = 0;
CREATE TABLE app_user (
  id int PRIMARY KEY, login varchar(64) UNIQUE NOT NULL, manager_id int, settings json NOT NULL,
  FOREIGN KEY (manager_id) REFERENCES app_user (id));
CREATE TABLE account (
  id bigint AUTO_INCREMENT PRIMARY KEY, name varchar(255) NOT NULL, industry varchar(64), city varchar(64), parent_id bigint,
  primary_contact_id bigint, owner_id int NOT NULL, annual_revenue decimal(14,2), tags text NOT NULL,
  created_at datetime(6) NOT NULL, updated_at datetime(6) NOT NULL,
  name_key varchar(255) GENERATED ALWAYS AS (lower(name)) STORED,
  FOREIGN KEY (parent_id) REFERENCES account (id), FOREIGN KEY (primary_contact_id) REFERENCES contact (id),
  FOREIGN KEY (owner_id) REFERENCES app_user (id));
CREATE TABLE contact (
  id bigint AUTO_INCREMENT PRIMARY KEY, account_id bigint NOT NULL, first_name varchar(64) NOT NULL, last_name varchar(64) NOT NULL,
  email varchar(255), phone varchar(32), birthday date, opted_out boolean NOT NULL DEFAULT false, custom json,
  created_at datetime(6) NOT NULL, updated_at datetime(6) NOT NULL,
  FOREIGN KEY (account_id) REFERENCES account (id), INDEX (email));
CREATE TABLE opportunity (
  id char(36) CHARACTER SET ascii PRIMARY KEY, account_id bigint NOT NULL, contact_id bigint, title varchar(255) NOT NULL,
  stage enum('new','qualified','proposal','negotiation','won','lost') NOT NULL,
  amount decimal(12,2), probability float, close_date date, updated_at datetime(6) NOT NULL,
  FOREIGN KEY (account_id) REFERENCES account (id), FOREIGN KEY (contact_id) REFERENCES contact (id));
CREATE TABLE activity (
  id bigint AUTO_INCREMENT PRIMARY KEY, contact_id bigint NOT NULL, opportunity_id char(36) CHARACTER SET ascii, kind varchar(16) NOT NULL,
  subject varchar(255) NOT NULL, body text, done boolean NOT NULL, minutes smallint, happened_at datetime(6) NOT NULL,
  FOREIGN KEY (contact_id) REFERENCES contact (id), FOREIGN KEY (opportunity_id) REFERENCES opportunity (id));
CREATE TABLE note (
  account_id bigint NOT NULL, seq int NOT NULL, author_id int, body text NOT NULL, raw blob, PRIMARY KEY (account_id, seq),
  FOREIGN KEY (account_id) REFERENCES account (id), FOREIGN KEY (author_id) REFERENCES app_user (id));
CREATE TABLE attachment (
  id bigint AUTO_INCREMENT PRIMARY KEY, account_id bigint, path varchar(255) NOT NULL UNIQUE, bytes bigint NOT NULL,
  FOREIGN KEY (account_id) REFERENCES account (id));
CREATE TABLE audit_log (at datetime(6) NOT NULL, actor varchar(64), what varchar(64))
