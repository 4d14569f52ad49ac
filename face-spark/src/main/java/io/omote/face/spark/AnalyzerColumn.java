// SPDX-License-Identifier: Apache-2.0
package io.omote.face.spark;

import io.omote.face.attribute.MeasuredQuality;
import io.omote.face.description.AgeAndSexModel;
import io.omote.face.description.AnalyzerModel;
import io.omote.face.description.Landmarks106Model;
import io.omote.face.description.Landmarks68Model;
import io.omote.face.description.Landmarks68Model2D;
import io.omote.face.description.LivenessModel;
import io.omote.face.description.QualityModel;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The analyzers, each with a column.
 *
 * <p>Immutable and thread-safe.
 */
enum AnalyzerColumn {
  /** The quality of the image of the face, measured without a network. */
  QUALITY("quality", qualityType(), "", List.of()),

  /** The rotation of the head, in degrees, without a network of its own. */
  POSE("pose", doubles("pitch", "yaw", "roll"), "", List.of()),

  /** 68 points; with depth if the network has it. */
  LANDMARKS_68(
      "landmarks68",
      DataTypes.createArrayType(floats("x", "y", "z"), false),
      "",
      List.of(Landmarks68Model.class, Landmarks68Model2D.class)),

  /** 106 points. */
  LANDMARKS_106(
      "landmarks106",
      DataTypes.createArrayType(floats("x", "y"), false),
      "",
      List.of(Landmarks106Model.class)),

  /** An estimate of age and sex. */
  AGE_AND_SEX(
      "ageAndSex",
      new StructType()
          .add("years", DataTypes.FloatType)
          .add("sex", DataTypes.StringType)
          .add("female", DataTypes.FloatType)
          .add("male", DataTypes.FloatType),
      "",
      List.of(AgeAndSexModel.class)),

  /** The score of presentation attack detection. */
  LIVENESS(
      "liveness",
      new StructType()
          .add("score", DataTypes.DoubleType)
          .add("scores", DataTypes.createArrayType(DataTypes.FloatType, false)),
      "minifasnet",
      List.of(LivenessModel.class)),

  /** The quality of the image of the face, by a network. */
  FACE_QUALITY(
      "faceQuality",
      new StructType().add("score", DataTypes.FloatType).add("modelId", DataTypes.StringType),
      "ediffiqa",
      List.of(QualityModel.class));

  private final String column;
  private final DataType type;
  private final String pack;
  private final List<Class<? extends AnalyzerModel<?>>> kinds;

  AnalyzerColumn(
      String column, DataType type, String pack, List<Class<? extends AnalyzerModel<?>>> kinds) {
    this.column = column;
    this.type = type;
    this.pack = pack;
    this.kinds = kinds;
  }

  private static StructType doubles(String... names) {
    return fields(DataTypes.DoubleType, Arrays.asList(names));
  }

  private static StructType floats(String... names) {
    return fields(DataTypes.FloatType, Arrays.asList(names));
  }

  private static StructType qualityType() {
    return fields(
        DataTypes.DoubleType,
        Arrays.stream(MeasuredQuality.Property.values())
            .filter(property -> !property.isFromMesh())
            .map(AnalyzerColumn::camelCase)
            .toList());
  }

  private static StructType fields(DataType type, List<String> names) {
    StructType struct = new StructType();
    for (String name : names) {
      struct = struct.add(name, type);
    }
    return struct;
  }

  private static String camelCase(Enum<?> constant) {
    StringBuilder name = new StringBuilder();
    for (String word : constant.name().toLowerCase(Locale.ROOT).split("_")) {
      name.append(
          name.isEmpty()
              ? word
              : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
    }
    return name.toString();
  }

  /** Returns the name of the column, which is also the name of the analyzer. */
  String column() {
    return column;
  }

  DataType type() {
    return type;
  }

  /** Returns the pack that has the network if the models do not, empty if there is none. */
  Optional<String> pack() {
    return pack.isEmpty() ? Optional.empty() : Optional.of(pack);
  }

  /** Returns the networks that the column can come from, the best first; empty if none is used. */
  List<Class<? extends AnalyzerModel<?>>> kinds() {
    return kinds;
  }

  /**
   * Returns the analyzer of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  static AnalyzerColumn of(String name) {
    return Arrays.stream(values())
        .filter(analyzer -> analyzer.column.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    String.format(
                        Locale.ROOT,
                        "expected analyzers among %s, found '%s'",
                        Arrays.stream(values()).map(AnalyzerColumn::column).toList(),
                        name)));
  }
}
