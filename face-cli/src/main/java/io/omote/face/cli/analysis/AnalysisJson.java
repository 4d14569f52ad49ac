// SPDX-License-Identifier: Apache-2.0
package io.omote.face.cli.analysis;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.omote.face.BoundingBox;
import io.omote.face.Face;
import io.omote.face.FaceImage;
import io.omote.face.attribute.DenseLandmarks;
import io.omote.face.attribute.FaceMesh;
import io.omote.face.attribute.MeasuredQuality.Property;
import java.util.List;
import java.util.Locale;

/**
 * Analyzed faces as JSON. A key is absent if no model was given for it.
 *
 * <p>Stateless and thread-safe.
 */
public final class AnalysisJson {
  private AnalysisJson() {}

  /**
   * Returns a JSON object for an image.
   *
   * @param image the image
   * @param faces its analyzed faces
   * @return a new JSON object, without the name of the image
   */
  public static JsonObject image(FaceImage image, List<AnalyzedFace> faces) {
    JsonObject json = new JsonObject();
    json.addProperty("width", image.width());
    json.addProperty("height", image.height());
    JsonArray all = new JsonArray();
    faces.forEach(face -> all.add(face(face)));
    json.add("faces", all);
    return json;
  }

  /**
   * Returns a JSON object for the place of a face.
   *
   * @param face the face
   * @return a new JSON object, with the turn only if the face does not stand upright
   */
  public static JsonObject place(Face face) {
    JsonObject json = new JsonObject();
    BoundingBox box = face.box();
    json.add("box", numbers(box.left(), box.top(), box.right(), box.bottom()));
    if (face.turn() != 0) {
      json.addProperty("turn", face.turn());
    }
    return json;
  }

  /**
   * Returns a JSON object for a face.
   *
   * @param analyzed the face
   * @return a new JSON object
   */
  public static JsonObject face(AnalyzedFace analyzed) {
    JsonObject json = place(analyzed.face());
    json.addProperty("score", analyzed.face().score());
    analyzed
        .face()
        .landmarks()
        .ifPresent(
            landmarks -> {
              JsonArray points = new JsonArray();
              landmarks.points().forEach(point -> points.add(numbers(point.x(), point.y())));
              json.add("landmarks", points);
            });
    analyzed.landmarks106().ifPresent(points -> json.add("landmarks106", json(points)));
    analyzed.landmarks68().ifPresent(points -> json.add("landmarks68", json(points)));
    analyzed.mesh().ifPresent(mesh -> json.add("mesh", json(mesh)));
    addPose(json, analyzed);
    analyzed
        .ageAndSex()
        .ifPresent(
            guess -> {
              json.addProperty("age", guess.age());
              json.addProperty("sex", guess.sex().name().toLowerCase(Locale.ROOT));
            });
    analyzed
        .liveness()
        .ifPresent(
            liveness -> {
              JsonObject scores = new JsonObject();
              scores.addProperty("score", liveness.score());
              json.add("liveness", scores);
            });
    addQuality(json, analyzed);
    return json;
  }

  private static JsonObject json(FaceMesh mesh) {
    JsonObject json = new JsonObject();
    json.addProperty("presence", mesh.presence());
    json.add("points", json(mesh.points()));
    if (!mesh.coefficients().isEmpty()) {
      JsonObject coefficients = new JsonObject();
      mesh.coefficients()
          .forEach(
              (coefficient, value) ->
                  // The network computes them as float: further digits would mean nothing.
                  coefficients.addProperty(coefficient.label(), value.floatValue()));
      json.add("coefficients", coefficients);
    }
    JsonObject eyes = new JsonObject();
    eyes.add("left", json(mesh.leftEye()));
    eyes.add("right", json(mesh.rightEye()));
    json.add("eyes", eyes);
    JsonObject mouth = new JsonObject();
    mouth.addProperty("openness", mesh.mouthOpenness());
    json.add("mouth", mouth);
    return json;
  }

  private static JsonObject json(FaceMesh.Eye eye) {
    JsonObject json = new JsonObject();
    json.add("iris", numbers(eye.iris().x(), eye.iris().y()));
    json.addProperty("irisDiameter", eye.irisDiameter());
    json.addProperty("openness", eye.openness());
    JsonObject gaze = new JsonObject();
    gaze.addProperty("right", eye.gaze().right());
    gaze.addProperty("up", eye.gaze().up());
    json.add("gaze", gaze);
    return json;
  }

  private static void addPose(JsonObject json, AnalyzedFace analyzed) {
    analyzed
        .pose()
        .ifPresent(
            angles -> {
              JsonObject pose = new JsonObject();
              if (!analyzed.isPoseRough()) {
                pose.addProperty("pitch", angles.pitch());
              }
              pose.addProperty("yaw", angles.yaw());
              pose.addProperty("roll", angles.roll());
              json.add("pose", pose);
            });
  }

  private static void addQuality(JsonObject json, AnalyzedFace analyzed) {
    JsonObject quality = new JsonObject();
    analyzed.quality().ifPresent(network -> quality.addProperty("score", network.score()));
    analyzed
        .measured()
        .ifPresent(
            measured ->
                measured
                    .values()
                    .forEach((property, value) -> quality.addProperty(key(property), value)));
    if (!quality.isEmpty()) {
      json.add("quality", quality);
    }
  }

  /** Converts {@code INTER_EYE_DISTANCE} to {@code interEyeDistance}. */
  private static String key(Property property) {
    StringBuilder key = new StringBuilder();
    for (String word : property.name().toLowerCase(Locale.ROOT).split("_")) {
      key.append(key.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return key.toString();
  }

  private static JsonArray json(DenseLandmarks points) {
    JsonArray all = new JsonArray();
    for (int at = 0; at < points.size(); at++) {
      all.add(
          points.hasDepth()
              ? numbers(points.x(at), points.y(at), points.z(at))
              : numbers(points.x(at), points.y(at)));
    }
    return all;
  }

  private static JsonArray numbers(float... values) {
    JsonArray numbers = new JsonArray();
    for (float value : values) {
      numbers.add(value);
    }
    return numbers;
  }
}
