// SPDX-License-Identifier: Apache-2.0
/** Galleries of faces that are stored: in a folder by Lucene, and in PostgreSQL. */
module io.omote.face.gallery {
  requires transitive io.omote.face.core;
  requires transitive java.sql;
  requires transitive org.jspecify;
  requires org.apache.lucene.core;

  exports io.omote.face.gallery;
}
