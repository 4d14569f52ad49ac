// SPDX-License-Identifier: Apache-2.0
package io.omote.face.lifecycle;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import io.omote.face.FaceEmbedder;
import io.omote.face.FaceImage;
import io.omote.face.GeneratedModels;
import io.omote.face.description.EmbedderModel;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * An application whose first use of this library comes from an unusual place. Arguments: a folder,
 * which place. Prints {@code worked} for each use, and {@code engine} for each of DJL.
 */
final class FirstTouch {
  private FirstTouch() {}

  public static void main(String[] arguments) throws Exception {
    String folder = arguments[0];
    Thread thread = Thread.currentThread();
    switch (arguments[1]) {
      case "common-pool" -> CompletableFuture.runAsync(() -> use(folder)).get();
      case "platform-loader" -> {
        thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
        use(folder);
      }
      case "no-loader" -> {
        thread.setContextClassLoader(null);
        use(folder);
      }
      case "second-loader" -> useIn(new SecondLoader(true), "use", folder);
      case "second-loader-common-pool" ->
          CompletableFuture.runAsync(() -> useIn(new SecondLoader(true), "use", folder)).get();
      case "both-loaders" -> {
        use(folder);
        useIn(new SecondLoader(true), "use", folder);
      }
      case "no-service-files" -> useIn(new SecondLoader(false), "embedAndDecode", folder);
      case "after-djl" -> {
        engine();
        use(folder);
      }
      case "after-djl-failed" -> {
        thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
        try {
          engine();
        } catch (EngineException e) {
          System.out.println("DJL failed");
        }
        embedAndDecode(folder);
      }
      default -> throw new IllegalArgumentException(arguments[1]);
    }
  }

  private static void use(String folder) {
    embedAndDecode(folder);
    engine();
  }

  private static void engine() {
    System.out.println("engine " + Engine.getInstance().getEngineName());
  }

  private static void embedAndDecode(String folder) {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try {
      EmbedderModel model = GeneratedModels.embedder(Path.of(folder));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ImageIO.write(new BufferedImage(112, 112, BufferedImage.TYPE_3BYTE_BGR), "png", out);
      try (FaceEmbedder embedder = FaceEmbedder.builder(model).build()) {
        embedder.embedAligned(FaceImage.read(out.toByteArray()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (Thread.currentThread().getContextClassLoader() != before) {
      throw new IllegalStateException("the thread has another context class loader than before");
    }
    System.out.println("worked");
  }

  private static void useIn(ClassLoader loader, String name, String folder) {
    try {
      Method method =
          loader.loadClass(FirstTouch.class.getName()).getDeclaredMethod(name, String.class);
      method.setAccessible(true);
      method.invoke(null, folder);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All classes once more, as in a web application; the service files only on demand. */
  private static final class SecondLoader extends URLClassLoader {
    private final boolean services;

    SecondLoader(boolean services) {
      super(classPath(), ClassLoader.getPlatformClassLoader());
      this.services = services;
    }

    private static URL[] classPath() {
      return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
          .map(entry -> url(Path.of(entry).toUri()))
          .toArray(URL[]::new);
    }

    private static URL url(URI uri) {
      try {
        return uri.toURL();
      } catch (MalformedURLException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      return services || !name.startsWith("META-INF/services/ai.djl")
          ? super.getResources(name)
          : Collections.emptyEnumeration();
    }
  }
}
