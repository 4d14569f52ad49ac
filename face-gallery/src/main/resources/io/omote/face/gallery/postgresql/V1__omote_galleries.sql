-- SPDX-License-Identifier: Apache-2.0
-- Galleries of Omote, first of two files. Run both in order, each in one transaction.
-- It creates the tables in the first schema of search_path, which must also include that of pgvector.

CREATE EXTENSION IF NOT EXISTS vector;

CREATE TABLE omote_galleries (
  id bigserial PRIMARY KEY,
  name text NOT NULL UNIQUE,
  model text NOT NULL,
  version text NOT NULL,
  dimension int NOT NULL
);
