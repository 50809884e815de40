-- What v6.db holds: a history as version 6 writes it. Made once with
--   sqlite3 v6.db < v6.sql
-- and never again: a test opens the file itself, as an operator's of that version.
PRAGMA auto_vacuum = INCREMENTAL;
PRAGMA journal_mode = WAL;
CREATE TABLE task ( id INTEGER PRIMARY KEY, server TEXT NOT NULL, task TEXT NOT NULL, label TEXT NOT NULL, paused INTEGER NOT NULL, outcome TEXT NOT NULL, expired INTEGER NOT NULL, confirmed INTEGER NOT NULL, watched_since INTEGER, changed_at INTEGER, checked_at INTEGER, ended_at INTEGER, UNIQUE (server, task));
CREATE TABLE reply ( task_id INTEGER PRIMARY KEY REFERENCES task (id) ON DELETE CASCADE, status INTEGER NOT NULL, duration_ms INTEGER NOT NULL, headers BLOB NOT NULL, body BLOB NOT NULL, compressed INTEGER NOT NULL);
PRAGMA application_id = 1415672695;
ALTER TABLE task ADD COLUMN end_witnessed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE task ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE task ADD COLUMN tags TEXT NOT NULL DEFAULT '';
ALTER TABLE task ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE task ADD COLUMN muted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE task ADD COLUMN acknowledged INTEGER NOT NULL DEFAULT 0;
ALTER TABLE task ADD COLUMN notified TEXT;
ALTER TABLE task ADD COLUMN has_words INTEGER NOT NULL DEFAULT 0;
CREATE VIRTUAL TABLE words USING fts5 (text, tokenize = 'unicode61 remove_diacritics 2');
CREATE TRIGGER task_words AFTER DELETE ON task BEGIN DELETE FROM words WHERE rowid = old.id; END;
ALTER TABLE task ADD COLUMN troubles TEXT NOT NULL DEFAULT '';
ALTER TABLE task ADD COLUMN kept_since INTEGER;
ALTER TABLE reply ADD COLUMN sights BLOB NOT NULL DEFAULT '';
ALTER TABLE reply ADD COLUMN facts BLOB NOT NULL DEFAULT '';
CREATE TABLE upkeep (what TEXT PRIMARY KEY, tried_at INTEGER NOT NULL);
ALTER TABLE task ADD COLUMN task_sum INTEGER;
ALTER TABLE reply ADD COLUMN reply_sum INTEGER;
ALTER TABLE task ADD COLUMN quiet_ms INTEGER;
CREATE TABLE strange ( task_id INTEGER PRIMARY KEY REFERENCES task (id) ON DELETE CASCADE, status INTEGER NOT NULL, duration_ms INTEGER NOT NULL, headers BLOB NOT NULL, body BLOB NOT NULL, compressed INTEGER NOT NULL, strange_sum INTEGER NOT NULL);
PRAGMA user_version = 6;
INSERT INTO task VALUES (1, '6a1c0a52-7e56-4dd6-9c52-0d1b1a3f3c11', '5d2c7f4e-2f5b-4b1c-9d31-0c3f6e8f7a10', 'iREC „4“', 1, 'completed-with-problems', 1, 1, 1770000000001, 1770000000002, 1770000000003, 1770000000004, 1, 'Asked Anna' || char(10) || 'and Ben', 'iREC' || char(10) || 'two words', 1, 1, 1, 'failed', 1, 'unreachable 1770000000007 1770000000008', 1770000000009, 6728116957812996012, 720000);
INSERT INTO task VALUES (2, '6a1c0a52-7e56-4dd6-9c52-0d1b1a3f3c11', 'unanswered', '', 0, 'checking', 0, 0, 1770000000005, NULL, NULL, NULL, 0, '', '', 0, 0, 0, NULL, 0, '', NULL, 5519515874533822561, NULL);
INSERT INTO reply VALUES (1, 200, 42, CAST('Content-Type: application/json' || char(10) AS BLOB), CAST('{"action":"Publish policy","percent":100,"steps":["Mint"],"result":"x"}' AS BLOB), 0, CAST('0 1770000000006 -' || char(10) AS BLOB), X'4D66C8C946DAF54002001C5075626C69736820706F6C696379000002C8010002084D696E74000400028C90C5C3836700020000000000000000000000000002780000000000', 2032712867641518553);
INSERT INTO strange VALUES (1, 502, 43, CAST('Content-Type: text/html' || char(10) AS BLOB), CAST('<p>Bad gateway</p>' AS BLOB), 0, 828469019324277564);
INSERT INTO words (rowid, text) VALUES (1, 'Publish policy');
