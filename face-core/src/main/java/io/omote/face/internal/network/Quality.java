// SPDX-License-Identifier: Apache-2.0
package io.omote.face.internal.network;

import io.omote.face.Face;
import io.omote.face.FaceAnalyzer;
import io.omote.face.FaceImage;
import io.omote.face.Landmarks;
import io.omote.face.attribute.FaceQuality;
import io.omote.face.description.Normalization;
import io.omote.face.description.QualityModel;
import io.omote.face.internal.engine.OnnxFile;
import io.omote.face.internal.engine.OnnxModel;
import io.omote.face.internal.geometry.AffineMap;
import io.omote.face.internal.geometry.SimilarityTransform;
import io.omote.face.internal.image.CropTransform;
import io.omote.face.internal.image.Sampler;
import io.omote.face.internal.image.SubImage;
import io.omote.face.internal.options.NetworkOptions;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * The two networks of quality, told apart by the side of their input. eDifFIQA (112) takes the same
 * crop as {@link ArcFace}. LightQNet (96) takes a wider crop, aligned by eyes and mouth, which is
 * reduced in a second step: BGR, {@code (x - 128) / 128}.
 */
final class Quality extends RowNetwork<FaceQuality> {
  private static final int LIGHTQNET_SIDE = 96;
  private static final int EDIFFIQA_SIDE = 112;

  private static final Sampler LIGHTQNET = Sampler.bgr(new Normalization(128, 128));
  private static final Sampler EDIFFIQA = Sampler.rgb(Normalization.ARCFACE);

  /** The side of LightQNet's crop before it is reduced. */
  private static final int ALIGNED = 160;

  /** x and y of the eyes and of the middle of the mouth in the aligned crop. */
  private static final double[] TEMPLATE = {
    0.3419 * ALIGNED,
    0.4616 * ALIGNED,
    0.6565 * ALIGNED,
    0.4598 * ALIGNED,
    0.5012 * ALIGNED,
    0.8240 * ALIGNED
  };

  Quality() {
    super(
        "quality",
        QualityModel.class,
        1,
        files -> new QualityModel(files.get(0)),
        3,
        1,
        LIGHTQNET_SIDE,
        EDIFFIQA_SIDE);
  }

  @Override
  FaceAnalyzer<FaceQuality> open(List<OnnxFile> files, NetworkOptions options) {
    OnnxFile file = files.get(0);
    RowTranslator.Reader<CropTransform, FaceQuality> reader =
        (row, crop) -> new FaceQuality(row[0], file.modelId());
    if (side(file.graph()) == LIGHTQNET_SIDE) {
      return new CropAnalyzer<>(
          OnnxModel.open(file, options),
          translator(file, Quality::fillLightQNet, reader),
          Quality::lightQNetCrop);
    }
    Alignment alignment = new Alignment(EDIFFIQA_SIDE);
    return new CropAnalyzer<>(
        OnnxModel.open(file, options),
        translator(file, EDIFFIQA, reader),
        (image, face) -> alignment.crop(image, Alignment.landmarksOf(face)));
  }

  private static void fillLightQNet(CropTransform crop, FloatBuffer input) {
    FaceImage aligned = Sampler.image(crop, ALIGNED, ALIGNED);
    LIGHTQNET.resize(SubImage.whole(aligned), LIGHTQNET_SIDE, LIGHTQNET_SIDE, input);
  }

  private static CropTransform lightQNetCrop(FaceImage image, Face face) {
    AffineMap toCrop = toLightQNetCrop(Alignment.landmarksOf(face));
    return new CropTransform(image, toCrop.inverse().orElseThrow(Alignment::degenerate));
  }

  /** Returns the map from pixels of the image to pixels of the aligned crop. */
  static AffineMap toLightQNetCrop(Landmarks landmarks) {
    double[] points = {
      landmarks.leftEye().x(),
      landmarks.leftEye().y(),
      landmarks.rightEye().x(),
      landmarks.rightEye().y(),
      ((double) landmarks.leftMouthCorner().x() + landmarks.rightMouthCorner().x()) / 2,
      ((double) landmarks.leftMouthCorner().y() + landmarks.rightMouthCorner().y()) / 2
    };
    return SimilarityTransform.estimate(points, TEMPLATE).orElseThrow(Alignment::degenerate);
  }
}
