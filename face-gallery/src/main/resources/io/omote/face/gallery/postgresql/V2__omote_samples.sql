-- SPDX-License-Identifier: Apache-2.0
-- Galleries of Omote, second of two files: one table for the samples of all galleries. Samples of
-- the first version, which had a table for each gallery, move into it.

-- This comes first, because it waits for writers to the first version and then keeps them out.
ALTER TABLE omote_galleries DROP COLUMN version;

CREATE TABLE omote_version (
  version int NOT NULL
);

INSERT INTO omote_version (version) VALUES (2);

-- Names are compared by their bytes, independent of the collation of the database.
CREATE TABLE omote_samples (
  gallery bigint NOT NULL REFERENCES omote_galleries (id) ON DELETE CASCADE,
  person text COLLATE "C" NOT NULL,
  sample text COLLATE "C" NOT NULL,
  norm real NOT NULL,
  face vector NOT NULL,
  PRIMARY KEY (gallery, person, sample)
);

-- A face that is not stored in its row would take one more lookup for each comparison.
ALTER TABLE omote_samples ALTER COLUMN face SET STORAGE PLAIN;

DO $$
DECLARE
  gallery record;
BEGIN
  FOR gallery IN SELECT id FROM omote_galleries WHERE dimension > 0 LOOP
    EXECUTE format(
      'INSERT INTO omote_samples SELECT %s, person, sample, norm, face FROM omote_samples_%s',
      gallery.id, gallery.id);
    EXECUTE format('DROP TABLE omote_samples_%s', gallery.id);
  END LOOP;
END
$$;
