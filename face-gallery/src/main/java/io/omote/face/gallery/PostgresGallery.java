// SPDX-License-Identifier: Apache-2.0
package io.omote.face.gallery;

import io.omote.face.Candidate;
import io.omote.face.FaceEmbedding;
import io.omote.face.FaceGallery;
import io.omote.face.GalleryEntry;
import io.omote.face.GalleryException;
import io.omote.face.IdentificationPolicy;
import io.omote.face.internal.search.GalleryChecks;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A gallery in PostgreSQL with the extension pgvector, for several processes at once.
 *
 * <pre>{@code
 * try (FaceGallery people = PostgresGallery.open(dataSource, "staff", embedder.modelId())) {
 *   people.enroll("maya", "passport.jpg", embedding);
 * }
 * }</pre>
 *
 * <p>A search is exact unless an index is asked for ({@link PostgresIndex#hnsw}). The similarities
 * are those of {@link FaceEmbedding#similarity}: the server says which samples may be among the
 * best, and they are scored here.
 *
 * <p>Each call uses one connection of the data source, which stays the caller's: {@link #close}
 * closes none of it. A connection in auto-commit gets a transaction for the call. One that is not
 * takes the call into the caller's transaction: nothing is committed, the isolation stays, and of a
 * call that fails nothing is left, so that the caller may continue or roll back. Spring's {@code
 * TransactionAwareDataSourceProxy} gives such connections; of a plain pool, the gallery gets a
 * connection of its own, and what it enrolls stays when the caller rolls back. {@link
 * #on(Connection)} works on the caller's connection.
 *
 * <p>In which schema the tables are is decided once, by opening. The SQL files {@code V1__} and
 * {@code V2__} in {@code io/omote/face/gallery/postgresql} of this jar make them, for Flyway or
 * Liquibase; otherwise they are made by opening. Reading needs no more than {@code SELECT}, and
 * works on a standby.
 *
 * <p>Who is removed is found no more from then on. The rows leave the disk with the server's next
 * vacuum of the table, its log and its backups by their own rules.
 *
 * <p>Safe for use by several threads at once; several processes may write, one after the other.
 */
@SuppressWarnings("exports")
public final class PostgresGallery implements FaceGallery {
  /** Cursors of one transaction need names of their own. */
  private static final AtomicLong CURSORS = new AtomicLong();

  private final PostgresTransactions transactions;
  private final PostgresSamples samples;
  private final String modelId;
  private final PostgresOptions options;
  private final boolean isReadOnly;
  private final PostgresSearch search;

  /** Writes share it; closing waits for them. */
  private final ReadWriteLock writes = new ReentrantReadWriteLock();

  private volatile boolean closed;

  private PostgresGallery(
      PostgresTransactions transactions,
      PostgresSamples samples,
      String modelId,
      PostgresOptions options,
      boolean isReadOnly) {
    this.transactions = transactions;
    this.samples = samples;
    this.modelId = modelId;
    this.options = options;
    this.isReadOnly = isReadOnly;
    this.search = new PostgresSearch(samples, options.index());
  }

  /**
   * Opens a gallery with the default options, or makes one.
   *
   * @param database gives connections to PostgreSQL
   * @param name which gallery of the database
   * @param modelId the id of the model whose embeddings it has
   * @return the gallery
   * @throws GalleryException if the gallery is of another model, pgvector is missing, or the
   *     database cannot be used
   */
  public static PostgresGallery open(DataSource database, String name, String modelId) {
    return open(database, name, modelId, PostgresOptions.defaults());
  }

  /**
   * Opens a gallery, or makes one.
   *
   * @param database gives connections to PostgreSQL
   * @param name which gallery of the database
   * @param modelId the id of the model whose embeddings it has
   * @param options the schema, whether missing tables are made, and how the gallery is searched
   * @return the gallery
   * @throws GalleryException if the gallery is of another model, pgvector or the tables are missing
   *     or of another version and may not be made, or the database cannot be used
   */
  public static PostgresGallery open(
      DataSource database, String name, String modelId, PostgresOptions options) {
    return open(database, name, modelId, options, false);
  }

  /**
   * Opens a gallery that is there, to read it, with the default options. Nothing is made, and no
   * lock is taken.
   *
   * @param database gives connections to PostgreSQL, which may be a standby
   * @param name which gallery of the database
   * @param modelId the id of the model whose embeddings it has
   * @return the gallery, which sees what others write
   * @throws GalleryException if there is no such gallery, it is of another model, the tables are of
   *     another version, or the database cannot be used
   */
  public static PostgresGallery openReadOnly(DataSource database, String name, String modelId) {
    return openReadOnly(database, name, modelId, PostgresOptions.defaults());
  }

  /**
   * Opens a gallery that is there, to read it. Nothing is made, and no lock is taken.
   *
   * @param database gives connections to PostgreSQL, which may be a standby
   * @param name which gallery of the database
   * @param modelId the id of the model whose embeddings it has
   * @param options the schema, and how the gallery is searched
   * @return the gallery, which sees what others write
   * @throws GalleryException if there is no such gallery, it is of another model, the tables are of
   *     another version, the index is missing, or the database cannot be used
   */
  public static PostgresGallery openReadOnly(
      DataSource database, String name, String modelId, PostgresOptions options) {
    return open(database, name, modelId, options.withMakeTables(false), true);
  }

  private static PostgresGallery open(
      DataSource database,
      String name,
      String modelId,
      PostgresOptions options,
      boolean isReadOnly) {
    Objects.requireNonNull(database, "database");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(modelId, "modelId");
    checkText("gallery", name);
    checkText("model", modelId);
    PostgresTransactions transactions = PostgresTransactions.of(database, name);
    PostgresTransactions.Statements<PostgresSamples> opening =
        connection -> {
          PostgresTables tables =
              PostgresTables.prepare(connection, options.schema(), options.makeTables());
          PostgresSamples samples =
              PostgresSamples.open(connection, tables, name, modelId, !isReadOnly);
          int dimension = samples.dimension(connection);
          if (!options.index().isExact() && dimension > 0) {
            samples.index(connection, dimension, options.makeTables());
          }
          return samples;
        };
    PostgresSamples samples =
        isReadOnly ? transactions.read("open", opening) : transactions.write("open", opening);
    return new PostgresGallery(transactions, samples, modelId, options, isReadOnly);
  }

  /** Refuses what the server cannot keep; the driver would take another name for it. */
  private static void checkText(String what, String name) {
    if (name.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
      throw new GalleryException(
          String.format(
              Locale.ROOT,
              "expected a name of a %s without zeros and lone surrogates, found one with them: name another",
              what));
    }
  }

  /**
   * Returns the model of a gallery that is there, in the schema that the search path leads to.
   *
   * @param database gives connections to PostgreSQL
   * @param name which gallery of the database
   * @return the id of its model, empty where the database has no such gallery
   * @throws GalleryException if the database cannot be used
   */
  public static Optional<String> modelIdOf(DataSource database, String name) {
    return modelIdOf(database, name, PostgresOptions.defaults());
  }

  /**
   * Returns the model of a gallery that is there.
   *
   * @param database gives connections to PostgreSQL
   * @param name which gallery of the database
   * @param options the schema
   * @return the id of its model, empty where the schema has no such gallery
   * @throws GalleryException if the database cannot be used
   */
  public static Optional<String> modelIdOf(
      DataSource database, String name, PostgresOptions options) {
    Objects.requireNonNull(name, "name");
    checkText("gallery", name);
    return PostgresTransactions.of(database, name)
        .read(
            "open",
            connection -> {
              String galleries = PostgresTables.galleries(connection, options.schema());
              return Optional.ofNullable(
                  galleries == null
                      ? null
                      : PostgresTables.one(
                          connection, "SELECT model FROM " + galleries + " WHERE name = ?", name));
            });
  }

  /**
   * Returns this gallery on a connection of the caller, to write faces in one transaction with
   * other rows. Where the connection is not in auto-commit, nothing is committed or rolled back but
   * what a failed call itself did; otherwise each call is a transaction.
   *
   * @param connection a connection to the same database, which stays open and the caller's
   * @return a view for as long as the connection is open, to be used by one thread at a time, as
   *     the connection; closing it does not close this gallery
   * @throws io.omote.face.ClosedException if this was closed
   */
  public FaceGallery on(Connection connection) {
    Objects.requireNonNull(connection, "connection");
    GalleryChecks.checkOpen(closed);
    return new PostgresGallery(transactions.on(connection), samples, modelId, options, isReadOnly);
  }

  @Override
  public String modelId() {
    return modelId;
  }

  /**
   * {@inheritDoc}
   *
   * <p>Other writers to this gallery wait until the transaction ends.
   */
  @Override
  public void enroll(Collection<GalleryEntry> entries) {
    List<GalleryEntry> batch = GalleryChecks.batch(entries);
    boolean isIndexing = options.makeTables() && !options.index().isExact();
    write(
        "enroll in",
        connection -> {
          samples.enroll(connection, batch, isIndexing);
          return true;
        });
  }

  @Override
  public List<Candidate> search(FaceEmbedding probe, int limit) {
    Objects.requireNonNull(probe, "probe");
    GalleryChecks.checkLimit(limit);
    return answer(probe, limit, false).candidates();
  }

  @Override
  public Optional<Candidate> identify(FaceEmbedding probe, IdentificationPolicy policy) {
    Objects.requireNonNull(probe, "probe");
    Objects.requireNonNull(policy, "policy");
    PostgresSearch.Answer answer = answer(probe, 1, true);
    double threshold = policy.at(modelId, answer.samples()).threshold();
    return answer.candidates().stream()
        .filter(candidate -> candidate.similarity() >= threshold)
        .findFirst();
  }

  private PostgresSearch.Answer answer(FaceEmbedding probe, int limit, boolean isCounting) {
    check();
    // A search by the index sets how far it looks.
    return transactions.look(
        "search", connection -> search.search(connection, modelId, probe, limit, isCounting));
  }

  @Override
  public boolean remove(String person, String sample) {
    Objects.requireNonNull(person, "person");
    Objects.requireNonNull(sample, "sample");
    return delete(GalleryEntry.isName(person) && GalleryEntry.isName(sample), person, sample) > 0;
  }

  @Override
  public int removePerson(String person) {
    Objects.requireNonNull(person, "person");
    return delete(GalleryEntry.isName(person), person, null);
  }

  private int delete(boolean canBeThere, String person, @Nullable String sample) {
    if (!canBeThere) {
      check();
      return 0;
    }
    return write("remove from", connection -> samples.delete(connection, person, sample));
  }

  private void check() {
    GalleryChecks.checkOpen(closed);
    GalleryChecks.checkInterrupt();
  }

  private <T> T write(String what, PostgresTransactions.Statements<T> statements) {
    GalleryChecks.checkOpen(closed);
    try {
      writes.readLock().lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw GalleryChecks.interrupted(e);
    }
    try {
      check();
      if (isReadOnly) {
        throw new GalleryException(
            String.format(
                Locale.ROOT,
                "expected a gallery that is open for writing, found '%s' open for reading only: open it with PostgresGallery.open",
                samples.name()));
      }
      return transactions.write(what, statements);
    } finally {
      writes.readLock().unlock();
    }
  }

  @Override
  public int size() {
    return count("*");
  }

  @Override
  public int persons() {
    return count("DISTINCT person");
  }

  private int count(String what) {
    check();
    return transactions.read("read", connection -> samples.count(connection, what));
  }

  /**
   * {@inheritDoc}
   *
   * <p>The action may call this gallery. Of a data source it then takes another connection; on the
   * same connection it is part of the same transaction.
   */
  @Override
  public void forEach(Consumer<GalleryEntry> action) {
    Objects.requireNonNull(action, "action");
    check();
    String cursor = "omote_" + CURSORS.incrementAndGet();
    transactions.visit(
        "read",
        transaction -> {
          transaction.step(connection -> samples.open(connection, cursor));
          try {
            List<GalleryEntry> page;
            do {
              page = transaction.step(connection -> samples.next(connection, cursor));
              page.forEach(action);
            } while (!page.isEmpty());
          } catch (Throwable e) {
            transaction.after(e, connection -> samples.close(connection, cursor));
            throw e;
          }
          return transaction.step(connection -> samples.close(connection, cursor));
        });
  }

  @Override
  public void close() {
    writes.writeLock().lock();
    try {
      closed = true;
    } finally {
      writes.writeLock().unlock();
    }
  }

  /**
   * Says which it is.
   *
   * @return a text without names of people
   */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "PostgresGallery[%s, %s]", samples.name(), options.index());
  }
}
