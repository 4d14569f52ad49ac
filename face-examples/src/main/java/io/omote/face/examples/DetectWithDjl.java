// SPDX-License-Identifier: Apache-2.0
package io.omote.face.examples;

import ai.djl.ModelException;
import ai.djl.inference.Predictor;
import ai.djl.modality.cv.BufferedImageFactory;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.output.DetectedObjects;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.nio.file.Path;

/** Detects faces by DJL's API alone. Arguments: PACK IMAGE; the pack must have been fetched. */
public class DetectWithDjl {
  public static void main(String[] args) throws IOException, ModelException, TranslateException {
    Criteria<Image, DetectedObjects> criteria =
        Criteria.builder()
            .setTypes(Image.class, DetectedObjects.class) // or float[]: a crop to its embedding
            .optGroupId("io.omote")
            .optArtifactId(args[0]) // such as buffalo_l
            .build();
    try (ZooModel<Image, DetectedObjects> detector = criteria.loadModel();
        Predictor<Image, DetectedObjects> predictor = detector.newPredictor()) {
      Image image = new BufferedImageFactory().fromFile(Path.of(args[1]));
      System.out.println(predictor.predict(image)); // boxes with five landmarks
    }
  }
}
