import 'reflect-metadata';
import type { Server as HttpServer } from 'node:http';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Server } from '@ws/server';

class AppController {
  own(this: void): string {
    return 'own';
  }
}
class AppModule {}
// What `@Controller()`, `@Get('own')` and `@Module(…)` say, without a compiler.
Controller()(AppController);
Get('own')(AppController.prototype, 'own', { value: AppController.prototype.own });
Module({ controllers: [AppController] })(AppModule);

export async function start(server: Server, port: number): Promise<void> {
  const app = await NestFactory.create(AppModule, { logger: false });
  const httpServer = app.getHttpServer() as HttpServer;
  await server.attach(httpServer, { basePath: '/agents' });
  await app.listen(port);
}
