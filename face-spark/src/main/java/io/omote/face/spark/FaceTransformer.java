// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.FaceDetector;
import io.omote.face.FaceException;
import io.omote.face.ImageOptions;
import io.omote.face.Orientation;
import io.omote.face.models.ModelZoo;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.FloatParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import scala.Function1;
import scala.Option;

/**
 * Finds, embeds and analyzes the faces of images, as a stage of Spark's pipelines.
 *
 * <pre>{@code
 * Dataset<Row> faces =
 *     new FaceTransformer()
 *         .setModels("lite")
 *         .setAnalyzers("quality", "landmarks68")
 *         .transform(SparkFaces.list(spark, "hdfs:///archive"));
 * }</pre>
 *
 * <p>The input has a column {@code path} and optionally {@code modificationTime}, {@code length},
 * {@code problem} and {@code content}; {@link SparkFaces#find} describes them and the columns of
 * the result. Other columns of the input follow those of faces, unchanged. The input may be a
 * stream.
 *
 * <p>Analyzers, each with a column of its name, null where there is no face, or where it has no
 * usable landmarks and the analyzer needs them:
 *
 * <ul>
 *   <li>{@code quality}: a struct of doubles, {@link
 *       io.omote.face.attribute.MeasuredQuality.Property} in camel case, as in {@code
 *       interEyeDistance}, with its units; no network
 *   <li>{@code pose}: {@code pitch}, {@code yaw} and {@code roll} in degrees as in {@link
 *       io.omote.face.attribute.HeadPose}: from the 68 points if {@code landmarks68} is also among
 *       the analyzers, otherwise roughly from the five landmarks, without {@code pitch}; no network
 *       of its own
 *   <li>{@code landmarks68}: 68 structs of {@code x}, {@code y} and {@code z} in pixels of the
 *       upright image, {@code z} null if the network gives no depth
 *   <li>{@code landmarks106}: 106 structs of {@code x} and {@code y} in the same pixels
 *   <li>{@code ageAndSex}: {@code years}, {@code sex} ({@code FEMALE} or {@code MALE}) and the
 *       logits {@code female} and {@code male} as in {@link io.omote.face.attribute.AgeAndSex}
 *   <li>{@code liveness}: {@code score} in [0, 1], 1 is live, and {@code scores} of each network;
 *       from the pack {@code minifasnet}
 *   <li>{@code faceQuality}: {@code score}, higher is better, and {@code modelId} of the network;
 *       from the models or the pack {@code ediffiqa}
 * </ul>
 *
 * <p>Where a network looks at the content of the box, an SCRFD detector gives the reference's
 * results with {@code setInputSizes(640)}.
 *
 * <p>Not thread-safe while it is set up; then {@link #transform} may be called by several threads.
 */
public final class FaceTransformer extends Transformer implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  /** The unique id. */
  private final String uid;

  /** See {@link #setModels}. */
  private final Param<String> models;

  /** See {@link #setScoreThreshold}. */
  private final FloatParam scoreThreshold;

  /** See {@link #setInputSizes}. */
  private final IntArrayParam inputSizes;

  /** See {@link #setOrientation}. */
  private final Param<String> orientation;

  /** See {@link #setMaxBytes}. */
  private final LongParam maxBytes;

  /** See {@link #setMaxPixels}. */
  private final LongParam maxPixels;

  /** See {@link #setMaxSide}. */
  private final IntParam maxSide;

  /** See {@link #setAcceptTruncated}. */
  private final BooleanParam acceptTruncated;

  /** See {@link #setReducedDecoding}. */
  private final IntParam reducedDecoding;

  /** See {@link #setAnalyzers}. */
  private final StringArrayParam analyzers;

  /** See {@link #setVector}. */
  private final BooleanParam vector;

  /** Creates a transformer of the bundled models with default options. */
  public FaceTransformer() {
    this(Identifiable$.MODULE$.randomUID("faces"));
  }

  /**
   * Creates a transformer with default options.
   *
   * @param uid its unique id
   */
  public FaceTransformer(String uid) {
    this.uid = uid;
    models =
        new Param<>(
            this,
            "models",
            "pack, folder or archive",
            valid(String.class, FaceTransformer::requireName));
    scoreThreshold =
        new FloatParam(
            this,
            "scoreThreshold",
            "minimum score of a face, in [0, 1]; by default that of the detector's family",
            valid(Float.class, score -> detector().scoreThreshold((Float) score)));
    inputSizes =
        new IntArrayParam(
            this,
            "inputSizes",
            "sides of the detector's square input, in pixels; by default those of its family",
            valid(int[].class, sides -> detector().inputSizes(sides)));
    orientation =
        new Param<>(
            this,
            "orientation",
            "positions in which faces are found: UPRIGHT or ANY",
            valid(String.class, FaceTransformer::orientationOf));
    ImageOptions defaults = ImageOptions.defaults();
    maxBytes =
        new LongParam(
            this,
            "maxBytes",
            "largest size of a file, in bytes",
            valid(Long.class, limit -> defaults.withMaxBytes((Long) limit)));
    maxPixels =
        new LongParam(
            this,
            "maxPixels",
            "largest number of pixels",
            valid(Long.class, limit -> defaults.withMaxPixels((Long) limit)));
    maxSide =
        new IntParam(
            this,
            "maxSide",
            "largest width and height, in pixels",
            valid(Integer.class, limit -> defaults.withMaxSide((Integer) limit)));
    acceptTruncated =
        new BooleanParam(this, "acceptTruncated", "decode what is there of a truncated file");
    reducedDecoding =
        new IntParam(
            this,
            "reducedDecoding",
            "minimum length of the longer side when a JPEG is decoded at a reduced size, in pixels",
            valid(Integer.class, side -> defaults.withReducedDecoding((Integer) side)));
    analyzers =
        new StringArrayParam(
            this,
            "analyzers",
            "analyzers, each with a column",
            valid(String[].class, FaceTransformer::requireAnalyzers));
    vector = new BooleanParam(this, "vector", "add a column with the numbers of an embedding");
    setDefault(models, "lite");
    setDefault(orientation, Orientation.UPRIGHT.name());
    setDefault(maxBytes, defaults.maxBytes());
    setDefault(maxPixels, defaults.maxPixels());
    setDefault(maxSide, defaults.maxSide());
    setDefault(acceptTruncated, defaults.acceptTruncated());
    setDefault(analyzers, new String[0]);
    setDefault(vector, true);
  }

  /**
   * Returns a validator that refuses in the words of the check. Parameters take any object from
   * Python, whose numbers have other types, and from maps of parameters.
   */
  private static <T> Function1<T, Object> valid(Class<?> type, Check<T> check) {
    return (Function1<T, Object> & Serializable)
        value -> {
          if (value == null) {
            throw new IllegalArgumentException("expected a value, found null");
          }
          if (!type.isInstance(value)) {
            throw new IllegalArgumentException(
                String.format(
                    Locale.ROOT,
                    "expected a value of the type %s, found one of the type %s",
                    type.getSimpleName(),
                    value.getClass().getSimpleName()));
          }
          check.of(value);
          return true;
        };
  }

  private interface Check<T> extends Consumer<T>, Serializable {
    void of(T value);

    @Override
    default void accept(T value) {
      of(value);
    }
  }

  /** Returns a builder of any detector, which checks its options. */
  private static FaceDetector.Builder detector() {
    return FaceDetector.builder(ModelZoo.lite().detector());
  }

  private static void requireName(String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException(
          "expected the name of a pack, a folder or an archive, found '" + name + "'");
    }
  }

  private static void requireAnalyzers(String[] names) {
    if (new HashSet<>(Arrays.asList(names)).size() < names.length) {
      throw new IllegalArgumentException(
          "expected each analyzer once, found " + Arrays.toString(names));
    }
    Arrays.stream(names).forEach(AnalyzerColumn::of);
  }

  private static Orientation orientationOf(String name) {
    return Arrays.stream(Orientation.values())
        .filter(position -> position.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    String.format(
                        Locale.ROOT, "expected the orientation UPRIGHT or ANY, found '%s'", name)));
  }

  /**
   * Loads a transformer that was saved with {@code write().save(path)}.
   *
   * @param path the folder, on any file system that Hadoop supports
   * @return the transformer
   */
  public static FaceTransformer load(String path) {
    return read().load(path);
  }

  /**
   * Returns a reader of saved transformers, as Spark's pipelines need it.
   *
   * @return the reader
   */
  public static MLReader<FaceTransformer> read() {
    return new DefaultParamsReader<>();
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public FaceTransformer copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /**
   * Returns the parameter of {@link #setModels}.
   *
   * @return the parameter
   */
  public Param<String> models() {
    return models;
  }

  /**
   * Sets the models. By default those of the bundled pack {@code lite}.
   *
   * @param name the name of a pack, or a folder in InsightFace's layout, that exists on every
   *     machine; or the NAME of an archive of such a folder, sent with {@code spark-submit
   *     --archives FILE#NAME}. A pack takes precedence; {@code ./NAME} is always a folder
   * @return this transformer
   * @throws IllegalArgumentException if the name is blank
   */
  public FaceTransformer setModels(String name) {
    set(models, name);
    return this;
  }

  /**
   * Returns the models.
   *
   * @return the name of a pack, a folder or an archive
   */
  public String getModels() {
    return getOrDefault(models);
  }

  /**
   * Returns the parameter of {@link #setScoreThreshold}.
   *
   * @return the parameter
   */
  public FloatParam scoreThreshold() {
    return scoreThreshold;
  }

  /**
   * Sets the minimum score of a face. By default that of the detector's family.
   *
   * @param score the threshold, in [0, 1]
   * @return this transformer
   * @throws IllegalArgumentException if the score is outside [0, 1]
   */
  public FaceTransformer setScoreThreshold(float score) {
    set(scoreThreshold, score);
    return this;
  }

  /**
   * Returns the minimum score of a face.
   *
   * @return the threshold, empty for that of the detector's family
   */
  public Optional<Float> getScoreThreshold() {
    return isSet(scoreThreshold)
        ? Optional.of((Float) getOrDefault(scoreThreshold))
        : Optional.empty();
  }

  /**
   * Returns the parameter of {@link #setInputSizes}.
   *
   * @return the parameter
   */
  public IntArrayParam inputSizes() {
    return inputSizes;
  }

  /**
   * Sets the sizes of the detector's square input. The network runs once per size. By default those
   * of the detector's family.
   *
   * @param sides the sides in pixels, multiples of 32 from 32 to 8192
   * @return this transformer
   * @throws IllegalArgumentException if there is no side, or a side is not one of these multiples
   */
  public FaceTransformer setInputSizes(int... sides) {
    set(inputSizes, sides.clone());
    return this;
  }

  /**
   * Returns the sizes of the detector's input.
   *
   * @return the sides in pixels, empty for those of the detector's family
   */
  public int[] getInputSizes() {
    return isSet(inputSizes) ? getOrDefault(inputSizes).clone() : new int[0];
  }

  /**
   * Returns the parameter of {@link #setOrientation}.
   *
   * @return the parameter
   */
  public Param<String> orientation() {
    return orientation;
  }

  /**
   * Sets the positions in which faces are found. {@link Orientation#UPRIGHT} by default.
   *
   * @param positions the positions
   * @return this transformer
   */
  public FaceTransformer setOrientation(Orientation positions) {
    set(orientation, positions.name());
    return this;
  }

  /**
   * Returns the positions in which faces are found.
   *
   * @return the positions
   */
  public Orientation getOrientation() {
    return orientationOf(getOrDefault(orientation));
  }

  /**
   * Returns the parameter of {@link #setMaxBytes}.
   *
   * @return the parameter
   */
  public LongParam maxBytes() {
    return maxBytes;
  }

  /**
   * Sets the largest size of a file, as in {@link ImageOptions#withMaxBytes}.
   *
   * @param bytes the limit, in bytes
   * @return this transformer
   * @throws IllegalArgumentException if the limit is not positive, or exceeds the size of an array
   */
  public FaceTransformer setMaxBytes(long bytes) {
    set(maxBytes, bytes);
    return this;
  }

  /**
   * Returns the largest size of a file.
   *
   * @return the limit, in bytes
   */
  public long getMaxBytes() {
    return (Long) getOrDefault(maxBytes);
  }

  /**
   * Returns the parameter of {@link #setMaxPixels}.
   *
   * @return the parameter
   */
  public LongParam maxPixels() {
    return maxPixels;
  }

  /**
   * Sets the largest number of pixels, as in {@link ImageOptions#withMaxPixels}.
   *
   * @param pixels the limit of width times height
   * @return this transformer
   * @throws IllegalArgumentException if the limit is not positive, or exceeds the size of an array
   */
  public FaceTransformer setMaxPixels(long pixels) {
    set(maxPixels, pixels);
    return this;
  }

  /**
   * Returns the largest number of pixels.
   *
   * @return the limit of width times height
   */
  public long getMaxPixels() {
    return (Long) getOrDefault(maxPixels);
  }

  /**
   * Returns the parameter of {@link #setMaxSide}.
   *
   * @return the parameter
   */
  public IntParam maxSide() {
    return maxSide;
  }

  /**
   * Sets the largest width and height, as in {@link ImageOptions#withMaxSide}.
   *
   * @param pixels the limit, in pixels
   * @return this transformer
   * @throws IllegalArgumentException if the limit is not positive
   */
  public FaceTransformer setMaxSide(int pixels) {
    set(maxSide, pixels);
    return this;
  }

  /**
   * Returns the largest width and height.
   *
   * @return the limit, in pixels
   */
  public int getMaxSide() {
    return (Integer) getOrDefault(maxSide);
  }

  /**
   * Returns the parameter of {@link #setAcceptTruncated}.
   *
   * @return the parameter
   */
  public BooleanParam acceptTruncated() {
    return acceptTruncated;
  }

  /**
   * Sets whether truncated files are accepted, as in {@link ImageOptions#withAcceptTruncated}. By
   * default they are {@code DAMAGED}.
   *
   * @param accept true to decode the available part of a truncated file
   * @return this transformer
   */
  public FaceTransformer setAcceptTruncated(boolean accept) {
    set(acceptTruncated, accept);
    return this;
  }

  /**
   * Returns whether truncated files are accepted.
   *
   * @return true if the available part of a truncated file is decoded
   */
  public boolean getAcceptTruncated() {
    return (Boolean) getOrDefault(acceptTruncated);
  }

  /**
   * Returns the parameter of {@link #setReducedDecoding}.
   *
   * @return the parameter
   */
  public IntParam reducedDecoding() {
    return reducedDecoding;
  }

  /**
   * Decodes large JPEG files at a reduced size, as in {@link ImageOptions#withReducedDecoding}:
   * {@code width}, {@code height}, boxes and landmarks are those of the reduced image. Executors
   * need face-opencv. By default images have their full size.
   *
   * @param longSide the minimum length of the longer side, in pixels
   * @return this transformer
   * @throws IllegalArgumentException if the length is not positive
   */
  public FaceTransformer setReducedDecoding(int longSide) {
    set(reducedDecoding, longSide);
    return this;
  }

  /**
   * Returns the minimum length of the longer side when a JPEG is decoded at a reduced size.
   *
   * @return the length in pixels, empty for full size
   */
  public OptionalInt getReducedDecoding() {
    return isSet(reducedDecoding)
        ? OptionalInt.of((Integer) getOrDefault(reducedDecoding))
        : OptionalInt.empty();
  }

  /**
   * Returns the parameter of {@link #setAnalyzers}.
   *
   * @return the parameter
   */
  public StringArrayParam analyzers() {
    return analyzers;
  }

  /**
   * Sets the analyzers. By default there are none.
   *
   * @param names names of analyzers, as listed above, in the order of the columns
   * @return this transformer
   * @throws IllegalArgumentException if there is no such analyzer, or one is named twice
   */
  public FaceTransformer setAnalyzers(String... names) {
    set(analyzers, names.clone());
    return this;
  }

  /**
   * Returns the analyzers.
   *
   * @return their names, in the order of the columns
   */
  public String[] getAnalyzers() {
    return getOrDefault(analyzers).clone();
  }

  /**
   * Returns the parameter of {@link #setVector}.
   *
   * @return the parameter
   */
  public BooleanParam vector() {
    return vector;
  }

  /**
   * Sets whether the result has a column {@code vector}, which holds the same numbers as {@code
   * embedding}. True by default.
   *
   * @param add true to add the column
   * @return this transformer
   */
  public FaceTransformer setVector(boolean add) {
    set(vector, add);
    return this;
  }

  /**
   * Returns whether the result has a column {@code vector}.
   *
   * @return true if it has
   */
  public boolean getVector() {
    return (Boolean) getOrDefault(vector);
  }

  FaceSettings settings() {
    OptionalInt reduced = getReducedDecoding();
    return new FaceSettings(
        getModels(),
        getScoreThreshold().orElse(null),
        Arrays.stream(getInputSizes()).boxed().toList(),
        getOrientation(),
        getMaxBytes(),
        getMaxPixels(),
        getMaxSide(),
        getAcceptTruncated(),
        reduced.isPresent() ? reduced.getAsInt() : null,
        Arrays.stream(getAnalyzers()).map(AnalyzerColumn::of).toList(),
        getVector());
  }

  /** Returns one line with all settings that change rows, which is equal for equal settings. */
  String settingsText() {
    return settings().text();
  }

  /**
   * Opens the networks in this JVM, which reports problems with the models.
   *
   * @return the id of the recognizer
   * @throws FaceException if the models are not on this machine, or cannot be opened
   */
  String open() {
    return ExecutorNetworks.of(settings()).embedder().modelId();
  }

  /**
   * Returns the columns of the result.
   *
   * @param images the columns of the input
   * @return names and types of the columns
   * @throws IllegalArgumentException if the column {@code path} is missing, a column has another
   *     type than is needed, or an own column has the name of one of faces
   * @throws FaceException if the models have no network for an analyzer
   */
  @Override
  public StructType transformSchema(StructType images) {
    FaceSettings settings = settings();
    StructType schema = FaceColumns.schema(settings, images);
    ModelSource.check(settings);
    return schema;
  }

  /**
   * Finds, embeds and analyzes the faces of images. Executors open the models when they start to
   * work, so that a problem with the models fails a task.
   *
   * @param images rows with {@code path}
   * @return rows of faces
   * @throws IllegalArgumentException if the column {@code path} is missing, a column has another
   *     type than is needed, or an own column has the name of one of faces
   * @throws FaceException if the models have no network for an analyzer
   */
  @Override
  public Dataset<Row> transform(Dataset<?> images) {
    return transform(images, FaceMetrics.register(images.sparkSession().sparkContext()));
  }

  Dataset<Row> transform(Dataset<?> images, FaceMetrics metrics) {
    StructType schema = transformSchema(images.schema());
    // Spark converts rows as the active session says, which may be another one, or none.
    Option<SparkSession> active = SparkSession.getActiveSession();
    SparkSession.setActiveSession(images.sparkSession());
    try {
      return transform(images, schema, metrics);
    } finally {
      if (active.isDefined()) {
        SparkSession.setActiveSession(active.get());
      } else {
        SparkSession.clearActiveSession();
      }
    }
  }

  private Dataset<Row> transform(Dataset<?> images, StructType schema, FaceMetrics metrics) {
    FaceFinder finder =
        new FaceFinder(
            settings(),
            images.schema(),
            TaskAttempts.allowed(images.sparkSession().sparkContext()),
            Boolean.parseBoolean(
                images.sparkSession().conf().get("spark.sql.datetime.java8API.enabled", "false")),
            new SerializableConfiguration(
                images.sparkSession().sparkContext().hadoopConfiguration()),
            metrics);
    Dataset<Row> rows = images.toDF().mapPartitions(finder, Encoders.row(schema));
    return restored(rows, schema);
  }

  /** Restores what columns lose as values of rows: comments, kinds of intervals, collations. */
  private static Dataset<Row> restored(Dataset<Row> rows, StructType schema) {
    if (rows.schema().equals(schema)) {
      return rows;
    }
    Column[] columns =
        Arrays.stream(schema.fields())
            .map(
                field ->
                    functions
                        .col("`" + field.name().replace("`", "``") + "`")
                        .cast(field.dataType())
                        .as(field.name(), field.metadata()))
            .toArray(Column[]::new);
    return rows.select(columns).to(schema);
  }
}
