// SPDX-License-Identifier: Apache-2.0

def modules = new File(basedir, 'target/modules')
def samples = new File(basedir, '../../../../samples')
def webp = new File(basedir, 'target/astronaut.webp')
def java = new File(System.getProperty('java.home'), 'bin/java').path

def run = { int status, List<String> arguments ->
  def process = new ProcessBuilder([java] + arguments).redirectErrorStream(true).start()
  def output = process.inputStream.text
  assert process.waitFor() == status : output
  output
}
def classPath = { jars -> jars*.path.join(File.pathSeparator) }
def compare = [webp.path, new File(samples, 'astronaut_rendition.jpg').path]
def main = 'io.omote.it.opencv.Main'

run(0, ['-cp', classPath(modules.listFiles()),
    new File(basedir, 'src/webp/java/io/omote/it/MakeWebp.java').path,
    new File(samples, 'astronaut.png').path, webp.path])
assert new String(webp.bytes, 8, 4, 'US-ASCII') == 'WEBP'

assert run(0, ['-cp', classPath(modules.listFiles()), main] + compare).contains('samePerson=true')
assert run(0, ['-p', modules.path, '-m', "io.omote.it.opencv/${main}" as String] + compare)
    .contains('samePerson=true')

// The same application without the module.
def without = modules.listFiles().findAll { !(it.name ==~ /(face-)?opencv-\d.*/) }
assert without.size() == modules.listFiles().size() - 2
assert run(1, ['-cp', classPath(without), main] + compare)
    .contains('add the dependency io.omote:face-opencv')
return true
