// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import io.omote.face.FaceEmbedding;
import io.omote.face.GalleryEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.Term;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * Documents of Lucene, one for each sample. The names of person and sample are terms, to remove by,
 * and values, to read; so is the binary form of the embedding.
 */
final class LuceneDocuments {
  private static final String KEY = "key";
  private static final String PERSON = "person";
  private static final String SAMPLE = "sample";
  private static final String FACE = "face";

  /** The size of a batch: all samples at once would be in memory twice. */
  private static final int BATCH = 1000;

  private LuceneDocuments() {}

  static Document of(GalleryEntry entry) {
    Document document = new Document();
    document.add(new StringField(KEY, key(entry.person(), entry.sample()).bytes(), Field.Store.NO));
    document.add(new StringField(PERSON, entry.person(), Field.Store.NO));
    document.add(new BinaryDocValuesField(PERSON, new BytesRef(entry.person())));
    document.add(new BinaryDocValuesField(SAMPLE, new BytesRef(entry.sample())));
    document.add(new BinaryDocValuesField(FACE, new BytesRef(entry.face().toBytes())));
    return document;
  }

  /** Returns the term that a person, or one sample of the person, is removed by. */
  static Term term(String person, @Nullable String sample) {
    return sample == null ? new Term(PERSON, person) : key(person, sample);
  }

  /** Names have no control characters, so that a zero separates them. */
  private static Term key(String person, String sample) {
    return new Term(KEY, new BytesRef((person + '\0' + sample).getBytes(StandardCharsets.UTF_8)));
  }

  /** Reads all samples, in batches. */
  static void read(DirectoryReader reader, Consumer<List<GalleryEntry>> batches)
      throws IOException {
    for (LeafReaderContext context : reader.leaves()) {
      read(context.reader(), batches);
    }
  }

  private static void read(LeafReader leaf, Consumer<List<GalleryEntry>> batches)
      throws IOException {
    // Lucene itself verifies whole files only when it merges them.
    ((CodecReader) leaf).checkIntegrity();
    Bits live = leaf.getLiveDocs();
    BinaryDocValues people = values(leaf, PERSON);
    BinaryDocValues samples = values(leaf, SAMPLE);
    BinaryDocValues faces = values(leaf, FACE);
    List<GalleryEntry> entries = new ArrayList<>();
    for (int at = 0; at < leaf.maxDoc(); at++) {
      if (live != null && !live.get(at)) {
        continue;
      }
      entries.add(
          new GalleryEntry(
              value(people, at).utf8ToString(),
              value(samples, at).utf8ToString(),
              FaceEmbedding.fromBytes(bytes(value(faces, at)))));
      if (entries.size() == BATCH) {
        batches.accept(entries);
        entries = new ArrayList<>();
      }
    }
    batches.accept(entries);
  }

  private static BinaryDocValues values(LeafReader leaf, String field) throws IOException {
    BinaryDocValues values = leaf.getBinaryDocValues(field);
    if (values == null) {
      throw new IOException("no values of the field " + field);
    }
    return values;
  }

  private static BytesRef value(BinaryDocValues values, int document) throws IOException {
    if (!values.advanceExact(document)) {
      throw new IOException("a document without a value");
    }
    return values.binaryValue();
  }

  private static byte[] bytes(BytesRef ref) {
    return Arrays.copyOfRange(ref.bytes, ref.offset, ref.offset + ref.length);
  }
}
