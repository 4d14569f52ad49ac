// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.Face;
import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceImage;
import io.omote.face.ModelException;
import io.omote.face.attribute.AgeAndSex;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.attribute.FaceQuality;
import io.omote.face.description.AgeAndSexModel;
import io.omote.face.description.AnalyzerModel;
import io.omote.face.description.Landmarks106Model;
import io.omote.face.description.Landmarks68Model;
import io.omote.face.description.Landmarks68Model2D;
import io.omote.face.description.LivenessModel;
import io.omote.face.description.ModelFile;
import io.omote.face.description.Normalization;
import io.omote.face.description.QualityModel;
import io.omote.face.internal.engine.OnnxFile;
import io.omote.face.internal.engine.OnnxGraph;
import io.omote.face.internal.engine.OnnxGraph.Value;
import io.omote.face.internal.engine.OnnxModel;
import io.omote.face.internal.image.CropTransform;
import io.omote.face.internal.image.Sampler;
import io.omote.face.internal.image.SubImage;
import io.omote.face.internal.options.NetworkOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The one place where the kind of an analyzer is decided: by the class of a description, by its
 * name in a manifest, or by a graph.
 *
 * @hidden
 */
public enum AnalyzerFamily {
  /** InsightFace's 106 points. */
  LANDMARKS_106(
      "landmarks106",
      Landmarks106Model.class,
      1,
      new GraphSignature(3, 212),
      files -> new Landmarks106Model(files.get(0)),
      AnalyzerFamily::landmarks106),
  /** InsightFace's 68 points with depth. */
  LANDMARKS_68(
      "landmarks68",
      Landmarks68Model.class,
      1,
      new GraphSignature(3, 3309),
      files -> new Landmarks68Model(files.get(0)),
      AnalyzerFamily::landmarks68),
  /** The 68 points of an UltraLight detector. */
  FLAT_LANDMARKS_68(
      "flat-landmarks68",
      Landmarks68Model2D.class,
      1,
      new GraphSignature(1, 136),
      files -> new Landmarks68Model2D(files.get(0)),
      AnalyzerFamily::flatLandmarks68),
  /** InsightFace's age and sex. */
  AGE_AND_SEX(
      "age-and-sex",
      AgeAndSexModel.class,
      1,
      new GraphSignature(3, 3),
      files -> new AgeAndSexModel(files.get(0)),
      AnalyzerFamily::ageAndSex),
  /** The pair of MiniFASNet. */
  LIVENESS(
      "liveness",
      LivenessModel.class,
      2,
      new GraphSignature(3, 3, 80),
      files -> new LivenessModel(files.get(0), files.get(1)),
      AnalyzerFamily::liveness),
  /** LightQNet and eDifFIQA. */
  QUALITY(
      "quality",
      QualityModel.class,
      1,
      new GraphSignature(3, 1, 96, 112),
      files -> new QualityModel(files.get(0)),
      AnalyzerFamily::quality);

  /** Memory grows with the batch and speed does not: crowds are looked at in parts. */
  private static final int MAX_BATCH = 32;

  /** What InsightFace's networks see of an image: a square of so many times the longer side. */
  private static final double SQUARE = 1.5;

  private static final Normalization NOT_IN_GRAPH = new Normalization(127.5f, 128);
  private static final Sampler RAW_BGR = Sampler.bgr(Normalization.IN_GRAPH);
  private static final Sampler ARCFACE = Sampler.rgb(Normalization.ARCFACE);

  private final String manifestName;
  private final Class<?> model;
  private final int fileCount;
  private final GraphSignature signature;
  private final Function<List<ModelFile>, AnalyzerModel<?>> describe;
  private final BiFunction<List<OnnxFile>, NetworkOptions, FaceAnalyzer<?>> opener;

  AnalyzerFamily(
      String manifestName,
      Class<?> model,
      int fileCount,
      GraphSignature signature,
      Function<List<ModelFile>, AnalyzerModel<?>> describe,
      BiFunction<List<OnnxFile>, NetworkOptions, FaceAnalyzer<?>> opener) {
    this.manifestName = manifestName;
    this.model = model;
    this.fileCount = fileCount;
    this.signature = signature;
    this.describe = describe;
    this.opener = opener;
  }

  /**
   * What the graphs of a family signature like: planes in, columns out, sides where these are
   * fixed.
   */
  private record GraphSignature(int planes, int columns, long... sides) {
    boolean fits(OnnxGraph graph) {
      if (graph.inputs().size() != 1 || graph.outputs().size() != 1 || !graph.isOfFloats()) {
        return false;
      }
      Value input = graph.inputs().get(0);
      Value output = graph.outputs().get(0);
      return input.takesImages(planes)
          && input.dimension(1) == planes
          && input.dimension(2) == input.dimension(3)
          && output.rank() == 2
          && output.dimension(1) == columns
          && fitsSide(input.dimension(2));
    }

    private boolean fitsSide(long side) {
      return sides.length == 0
          ? side > 0 && Arrays.stream(LIVENESS.signature.sides).noneMatch(other -> other == side)
          : Arrays.stream(sides).anyMatch(own -> own == side);
    }

    @Override
    public String toString() {
      String side = sides.length == 0 ? "S" : Arrays.toString(sides);
      return String.format(
          Locale.ROOT,
          "input [N,%s,%s,%s], square and of fixed size; output [N,%s]; both 32-bit floats",
          planes,
          side,
          side,
          columns);
    }
  }

  /**
   * The family of a description.
   *
   * @param description the description
   * @return its family
   */
  public static AnalyzerFamily of(AnalyzerModel<?> description) {
    return Arrays.stream(values())
        .filter(family -> family.model.isInstance(description))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no family of " + description.getClass()));
  }

  /**
   * The family of a name in a manifest.
   *
   * @param name the name
   * @return the family, empty where there is none of that name
   */
  public static Optional<AnalyzerFamily> named(String name) {
    return Arrays.stream(values()).filter(family -> family.manifestName.equals(name)).findFirst();
  }

  /**
   * The family that a graph looks like.
   *
   * @param graph the graph
   * @return the family, empty where it is no analyzer
   */
  public static Optional<AnalyzerFamily> of(OnnxGraph graph) {
    return Arrays.stream(values()).filter(family -> family.signature.fits(graph)).findFirst();
  }

  /**
   * The name in manifests.
   *
   * @return the name
   */
  public String manifestName() {
    return manifestName;
  }

  /**
   * The class of the descriptions.
   *
   * @return the class
   */
  public Class<?> model() {
    return model;
  }

  /**
   * How many networks an analyzer has.
   *
   * @return the number of files
   */
  public int fileCount() {
    return fileCount;
  }

  /**
   * Describes files.
   *
   * @param files one for each network
   * @return the description
   * @throws IllegalArgumentException if there are more or less
   */
  public AnalyzerModel<?> describe(List<ModelFile> files) {
    if (files.size() != fileCount) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected %d files of %s, found %d: give one for each network",
              fileCount,
              manifestName,
              files.size()));
    }
    return describe.apply(files);
  }

  /**
   * Opens an analyzer.
   *
   * @param description its files
   * @param network how they are run
   * @param <A> what is said of a face
   * @return the analyzer, not guarded
   * @throws ModelException if a file cannot be loaded, or is of another kind
   */
  @SuppressWarnings("unchecked") // what a family's opener says is what its description promises
  public static <A> FaceAnalyzer<A> open(AnalyzerModel<A> description, NetworkOptions network) {
    AnalyzerFamily family = of(description);
    List<OnnxFile> files = description.files().stream().map(OnnxFile::read).toList();
    files.forEach(family::check);
    return (FaceAnalyzer<A>) family.opener.apply(files, network);
  }

  private void check(OnnxFile file) {
    OnnxGraph graph = file.graph();
    if (!signature.fits(graph)) {
      String found = of(graph).map(AnalyzerFamily::manifestName).orElse("another kind of network");
      throw wrong(
          String.format(Locale.ROOT, "a network of the kind %s (%s)", manifestName, signature),
          found,
          file);
    }
    if (!graph.inputs().get(0).accepts(0, 1)) {
      throw wrong("a network that takes one face at a time or any number", "another one", file);
    }
  }

  private static ModelException wrong(String expected, String found, OnnxFile file) {
    return new ModelException(
        String.format(
            Locale.ROOT,
            "expected %s, found %s in %s (%s)%s",
            expected,
            found,
            file.name(),
            file.graph(),
            file.graph().elementAdvice()));
  }

  private static int side(OnnxFile file) {
    return Math.toIntExact(file.graph().inputs().get(0).dimension(2));
  }

  private static <S, A> FaceAnalyzer<A> analyzer(
      OnnxFile file,
      NetworkOptions network,
      RowsTranslator<S, A> translator,
      BiFunction<FaceImage, Face, S> crop) {
    boolean free = file.graph().inputs().get(0).dimension(0) == Value.FREE;
    return new CropAnalyzer<>(
        OnnxModel.open(file, network), translator, crop, free ? MAX_BATCH : 1);
  }

  /** A network of InsightFace that sees a square about the face. */
  private FaceAnalyzer<?> ofSquare(
      OnnxFile file,
      NetworkOptions network,
      Sampler sampler,
      double times,
      RowsTranslator.Reader<CropTransform, ?> reader) {
    int side = side(file);
    return analyzer(
        file,
        network,
        new RowsTranslator<>(
            signature.planes(),
            side,
            signature.columns(),
            (region, input) -> sampler.warp(region, side, side, input, 0),
            reader),
        (image, face) -> CropTransform.square(image, face.box(), times, side));
  }

  private static Sampler rgb(OnnxFile file) {
    return Sampler.rgb(file.graph().normalizesByItself() ? Normalization.IN_GRAPH : NOT_IN_GRAPH);
  }

  private static FaceAnalyzer<?> landmarks106(List<OnnxFile> files, NetworkOptions network) {
    OnnxFile file = files.get(0);
    double half = side(file) / 2.0;
    return LANDMARKS_106.ofSquare(
        file,
        network,
        rgb(file),
        SQUARE,
        (row, region) -> {
          float[] xy = new float[row.length];
          for (int i = 0; i < row.length; i += 2) {
            put(region, (row[i] + 1) * half, (row[i + 1] + 1) * half, xy, i);
          }
          return DenseLandmarks.of(xy);
        });
  }

  private static FaceAnalyzer<?> landmarks68(List<OnnxFile> files, NetworkOptions network) {
    OnnxFile file = files.get(0);
    double half = side(file) / 2.0;
    return LANDMARKS_68.ofSquare(
        file,
        network,
        rgb(file),
        SQUARE,
        (row, region) -> {
          // The other points are those of a dense mesh.
          float[] xyz = Arrays.copyOfRange(row, row.length - 3 * 68, row.length);
          for (int i = 0; i < xyz.length; i += 3) {
            float z = xyz[i + 2];
            put(region, (xyz[i] + 1) * half, (xyz[i + 1] + 1) * half, xyz, i);
            xyz[i + 2] = (float) (z * half * region.toImage().xx());
          }
          return DenseLandmarks.withDepth(xyz);
        });
  }

  private static FaceAnalyzer<?> flatLandmarks68(List<OnnxFile> files, NetworkOptions network) {
    OnnxFile file = files.get(0);
    double side = side(file);
    return FLAT_LANDMARKS_68.ofSquare(
        file,
        network,
        Sampler.gray(new Normalization(0, 256)),
        1,
        (row, region) -> {
          float[] xy = new float[row.length];
          for (int i = 0; i < row.length; i += 2) {
            put(region, row[i] * side, row[i + 1] * side, xy, i);
          }
          return DenseLandmarks.of(xy);
        });
  }

  private static void put(CropTransform region, double x, double y, float[] xy, int at) {
    xy[at] = (float) region.toImage().x(x, y);
    xy[at + 1] = (float) region.toImage().y(x, y);
  }

  private static FaceAnalyzer<?> ageAndSex(List<OnnxFile> files, NetworkOptions network) {
    OnnxFile file = files.get(0);
    return AGE_AND_SEX.ofSquare(
        file,
        network,
        rgb(file),
        SQUARE,
        (row, region) -> new AgeAndSex(100 * row[2], row[0], row[1]));
  }

  private static FaceAnalyzer<?> liveness(List<OnnxFile> files, NetworkOptions network) {
    OnnxFile v2 = files.get(0);
    OnnxFile v1se = files.get(1);
    boolean inOrder = !hasSqueeze(v2) && hasSqueeze(v1se);
    if (!inOrder) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "expected MiniFASNetV2 and then MiniFASNetV1SE, which alone has squeeze and excitation, found %s and %s: were they swapped, or is one given twice?",
              v2.name(),
              v1se.name()));
    }
    FaceAnalyzer<Float> first = liveness(v2, 2.7, network);
    try {
      return new LivenessAnalyzer(first, liveness(v1se, 4.0, network));
    } catch (RuntimeException | Error e) {
      first.close();
      throw e;
    }
  }

  private static boolean hasSqueeze(OnnxFile file) {
    return file.graph().operatorTypes().contains("GlobalAveragePool");
  }

  private static FaceAnalyzer<Float> liveness(OnnxFile file, double times, NetworkOptions network) {
    int side = side(file);
    RowsTranslator<SubImage, Float> translator =
        new RowsTranslator<>(
            3,
            side,
            3,
            (crop, input) -> RAW_BGR.resize(crop, side, side, input),
            (row, crop) -> live(row));
    return analyzer(
        file,
        network,
        translator,
        (image, face) ->
            ContextBox.of(face.box(), image.width(), image.height(), times).cut(image));
  }

  /** The second of three by softmax. */
  private static float live(float[] logits) {
    double largest = Math.max(logits[0], Math.max(logits[1], logits[2]));
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - largest);
    }
    return (float) (Math.exp(logits[1] - largest) / sum);
  }

  private static FaceAnalyzer<?> quality(List<OnnxFile> files, NetworkOptions network) {
    OnnxFile file = files.get(0);
    int side = side(file);
    RowsTranslator.Reader<CropTransform, FaceQuality> reader =
        (row, region) -> new FaceQuality(row[0], file.modelId());
    if (side == LightQNet.SIDE) {
      return analyzer(
          file,
          network,
          new RowsTranslator<>(3, side, 1, LightQNet::fill, reader),
          LightQNet::crop);
    }
    Alignment alignment = new Alignment(side);
    return analyzer(
        file,
        network,
        new RowsTranslator<>(
            3, side, 1, (crop, input) -> ARCFACE.warp(crop, side, side, input, 0), reader),
        (image, face) -> alignment.crop(image, Alignment.landmarksOf(face)));
  }
}
